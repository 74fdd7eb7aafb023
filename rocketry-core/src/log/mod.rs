//! The run log: a record of everything that happened to runs, and the indexes that conditions read.

mod address;
mod cause;
mod counted;
#[cfg(feature = "csv")]
mod csv;
mod deserialize;
mod future_instants;
mod handover;
mod history;
mod kept_series;
mod memory;
mod nul;
mod one_or_many;
mod origin;
mod past;
mod query;
mod read_only;
mod record;
mod records;
mod serialize;
pub mod suite;
mod tallies;
mod triggers;

#[doc(hidden)]
pub use inventory as __inventory;

pub(crate) use address::redacted as shown_address;
pub use address::{IntoLog, LogScheme, LogSource, open};
pub use cause::{Cause, RunRef};
pub use counted::StartedBy;
pub(crate) use counted::{Counted, CountedFact, Start};
#[cfg(feature = "csv")]
pub use csv::CsvLog;
pub(crate) use handover::Handover;
pub use history::{History, OpenRun};
pub(crate) use kept_series::MAX_KEPT;
pub use kept_series::Series;
pub use memory::{DEFAULT_CAPACITY, MemoryLog};
pub(crate) use one_or_many::OneOrMany;
pub use past::{Fact, Past, Retention, TaskPast, Write};
pub use query::{Cursor, Order, Page, Query};
pub(crate) use read_only::ReadOnlyLog;
pub(crate) use record::TIMED_OUT;
pub use record::{Action, Exit, Extra, ProcessEnd, Record};
pub use records::Records;
pub use tallies::Tally;

use std::sync::Arc;

use crate::error::Result;

/// A store for what happened to runs.
///
/// A run is recorded before it starts and again when it ends. Records are in the order in which they were
/// written, which is the order of their times unless the clock was set back.
///
/// # Guarantees
///
/// With a durable log that belongs to one app at a time:
///
/// - The start of a run is recorded before its function begins, at most one write after the decision to start
///   it.
/// - The end of a run is recorded exactly once. Callers that wait for the run are answered after that.
/// - However the app ends, after the next start each run that was started has an end or is recorded as crashed.
///   The status, last times, counts, queued runs, deferred starts, disabled flag, changed statements, priority,
///   parameters and results of each task are restored, except [secrets](crate::Config::secrets) and values
///   that JSON can't represent. A change made through a handle is durable one write later.
/// - Nothing runs again because of a restart: statements see the past as if the app had never ended.
/// - While the log can't be written, no run starts, and [`Task::waits_for`](struct@crate::Task) gives the
///   reason. Ends of runs are kept in memory, the write is retried, and the app resumes automatically once
///   the log can be written. If anything is unwritten when the app ends, that is an error of
///   [`App::run`](crate::App::run).
/// - When an app has ended, another app can take the log immediately, even if handles to the first app still
///   exist.
///
/// # Implementing a log
///
/// All methods may be called from any thread, also concurrently. [`suite::hold`] tests an implementation
/// against this contract; [`register_log!`](crate::register_log) gives it an address.
pub trait RunLog: Send + Sync + 'static {
    /// Adds records and sets facts, all of them or none. When this returns, they are as durable as the log
    /// can make them. Both may be empty: an idle app makes an empty write once a minute to check that the log
    /// still works.
    ///
    /// # Errors
    ///
    /// Returns an error if they could not be stored. The app retries the same write, unless the error is one
    /// of these:
    ///
    /// - [`Error::unwritable`](crate::Error::unwritable): part of the write can never be stored. The app then
    ///   writes the parts separately, drops the part that is refused again, and reports it in
    ///   [`Session::failures`](crate::Session::failures).
    /// - [`Error::superseded`](crate::Error::superseded): the [term](Write::term) is lower than one that the
    ///   log has seen.
    fn write(&self, write: &Write<'_>) -> Result<()>;

    /// Writes records that the caller no longer needs, all of them or none. A log in memory takes them without
    /// copying. If this succeeds, `records` is empty.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`write`](Self::write).
    fn write_records(&self, records: &mut Vec<Record>) -> Result<()> {
        self.write(&Write::records(records))?;
        records.clear();
        Ok(())
    }

    /// Returns the records that match: all of them, or as many as the query's limit.
    ///
    /// # Errors
    ///
    /// Returns an error if the log could not be read.
    fn query(&self, query: &Query) -> Result<Page>;

    /// Returns how many records match, at most as many as the query's limit, if it has one. With a limit, the
    /// cost does not grow with the number of matching records. The query's order and cursor are ignored.
    ///
    /// # Errors
    ///
    /// Returns an error if the log could not be read.
    fn count(&self, query: &Query) -> Result<u64> {
        let query = Query {
            order: Order::Oldest,
            after: None,
            ..query.clone()
        };
        Records::new(self, query).try_fold(0, |count, record| record.map(|_| count + 1))
    }

    /// Returns what an app needs to continue where it was. Counts include all records ever written, even those
    /// forgotten since.
    ///
    /// # Errors
    ///
    /// Returns an error if the log could not be read.
    fn load(&self) -> Result<Past>;

    /// Returns the same as [`load`](Self::load), for read-only access: it neither takes the right to write
    /// nor waits for it, and changes nothing. Another app may write at the same time; the result is then the
    /// past before or after a write.
    ///
    /// The default implementation loads and closes the log, which takes the right to write for a moment.
    ///
    /// # Errors
    ///
    /// Returns an error if the log could not be read.
    fn look(&self) -> Result<Past> {
        let past = self.load();
        self.close()?;
        past
    }

    /// Deletes old records and returns how many: 0 if there are none left to delete, or too few to be worth a
    /// rewrite of the log. The result of [`load`](Self::load) does not change.
    ///
    /// # Errors
    ///
    /// Returns an error if the log could not be written.
    fn forget(&self, retention: &Retention) -> Result<u64>;

    /// Releases the right to write, if a log belongs to one app at a time: another app can take it as soon as
    /// this returns. An app calls it when it has ended for good, before [`App::run`](crate::App::run) or
    /// [`App::serve`](crate::App::serve) returns, and not when it restarts.
    ///
    /// Existing records can still be read; records that other apps write later may or may not be visible.
    /// Writing, loading and forgetting take the right again, if no other app has it.
    ///
    /// ```
    /// # #[cfg(feature = "csv")] {
    /// use rocketry::log::CsvLog;
    /// use rocketry::{Query, RunLog};
    ///
    /// # let file = std::env::temp_dir().join(format!("rocketry-close-{}.csv", std::process::id()));
    /// let log = CsvLog::open(&file)?;
    /// log.close()?;
    /// let of_another_app = CsvLog::open(&file)?;
    /// assert_eq!(log.count(&Query::new())?, 0);
    /// assert!(log.load().is_err());
    /// # std::fs::remove_file(&file).unwrap();
    /// # }
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if other apps may still be unable to write.
    fn close(&self) -> Result<()> {
        Ok(())
    }

    /// Returns whether writes are so fast and reliable that the scheduler makes them itself, as with the
    /// in-memory log. Parameters and results are then not converted to JSON. Any other log is written by a
    /// separate thread, which combines writes.
    fn is_immediate(&self) -> bool {
        false
    }
}

/// Implements the trait for a pointer to a log.
macro_rules! forward {
    ($pointer:ident) => {
        impl<L: RunLog + ?Sized> RunLog for $pointer<L> {
            fn write(&self, write: &Write<'_>) -> Result<()> {
                (**self).write(write)
            }

            fn write_records(&self, records: &mut Vec<Record>) -> Result<()> {
                (**self).write_records(records)
            }

            fn query(&self, query: &Query) -> Result<Page> {
                (**self).query(query)
            }

            fn count(&self, query: &Query) -> Result<u64> {
                (**self).count(query)
            }

            fn load(&self) -> Result<Past> {
                (**self).load()
            }

            fn look(&self) -> Result<Past> {
                (**self).look()
            }

            fn forget(&self, retention: &Retention) -> Result<u64> {
                (**self).forget(retention)
            }

            fn close(&self) -> Result<()> {
                (**self).close()
            }

            fn is_immediate(&self) -> bool {
                (**self).is_immediate()
            }
        }
    };
}

forward!(Arc);
forward!(Box);
