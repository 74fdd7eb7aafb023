//! The run log: what happened to every run, and the indexes that conditions read.

mod history;
mod memory;
mod query;
mod record;

pub use history::{History, OpenRun};
pub use memory::{DEFAULT_CAPACITY, MemoryLog};
pub use query::Query;
pub use record::{Action, Exit, ProcessEnd, Record};

use crate::error::Result;

/// Where runs are recorded.
///
/// A run is recorded before it starts and again when it ends; the records of one task come in the order of
/// their time.
pub trait RunLog: Send + Sync + 'static {
    /// Adds records, all of them or none.
    ///
    /// # Errors
    ///
    /// Fails where the records could not be kept.
    fn append(&self, records: &[Record]) -> Result<()>;

    /// The records that fit, oldest first.
    ///
    /// # Errors
    ///
    /// Fails where the log could not be read.
    fn query(&self, query: &Query) -> Result<Vec<Record>>;
}
