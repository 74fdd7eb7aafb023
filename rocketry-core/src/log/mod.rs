//! The run log: what happened to every run, and the indexes that conditions read.

mod address;
#[cfg(feature = "csv")]
mod csv;
mod few;
mod handover;
mod history;
mod memory;
mod nul;
mod past;
mod query;
mod record;
mod records;
mod serialize;
pub mod suite;
mod tallies;

#[doc(hidden)]
pub use inventory as __inventory;

pub use address::{IntoLog, LogScheme, LogSource, open};
#[cfg(feature = "csv")]
pub use csv::CsvLog;
pub(crate) use few::Few;
pub(crate) use handover::Handover;
pub(crate) use history::MAX_KEPT;
pub use history::{History, OpenRun, Tally};
pub use memory::{DEFAULT_CAPACITY, MemoryLog};
pub use past::{Fact, Past, Retention, TaskPast, Write};
pub use query::{Cursor, Order, Page, Query};
pub use record::{Action, Exit, Extra, ProcessEnd, Record};
pub use records::Records;

use std::sync::Arc;

use crate::error::Result;

/// Where runs are recorded.
///
/// A run is recorded before it starts and again when it ends. Records have the order in which they were written;
/// that of their time is the same, unless the clock was put back.
///
/// # What an app promises with it
///
/// If the log is durable, and that of one app at a time:
///
/// - A run is recorded as started before its function begins, at most one write later than it was decided on.
/// - Its end is recorded exactly once, and whoever waits for it is told then.
/// - Wherever the app is cut off, after the next start each run that was started has ended or is recorded as crashed.
///   Each task's status, last times, counts, queued runs, starts to come, disabled flag, changed statements, priority, parameters and
///   results are as they were, as far as parameters and results can be JSON and are no
///   [secrets](crate::Config::secrets); what was changed through a handle is kept one write later.
/// - Nothing is done again that was done: statements see the past as if the app had never ended.
/// - While the log can't be written no run starts, and [`Task::waits_for`](struct@crate::Task) says why. Ended runs are
///   kept in memory, the write is tried again, and everything goes on by itself when the log is back. What is unwritten
///   when the app ends is an error of [`App::run`](crate::App::run).
/// - When an app has ended, another one may have the log at once, whoever still has a handle to the one before.
///
/// # For those who write one
///
/// All methods may be called from any thread, also at the same time. [`suite::hold`] tests whether a log does what is
/// said here; [`register_log!`](crate::register_log) gives it an address.
pub trait RunLog: Send + Sync + 'static {
    /// Adds records and sets facts: all of it or nothing. When this returns, they are kept, as surely as the log can.
    /// There may be none of either: while nothing happens, an app finds out once a minute whether the log is still there.
    ///
    /// # Errors
    ///
    /// Fails where they could not be kept. What is written may be written again, unless the error is one of these:
    ///
    /// - [`Error::unwritable`](crate::Error::unwritable): some of it can never be kept. The app writes each part by itself then, and goes on
    ///   without what is refused again; what was lost is told in [`Session::failures`](crate::Session::failures).
    /// - [`Error::superseded`](crate::Error::superseded): the [term](Write::term) is lower than one that the log has seen.
    fn write(&self, write: &Write<'_>) -> Result<()>;

    /// Writes records which nobody needs afterwards, all of them or none: what a log in memory can take as they are.
    /// They are gone if this succeeds.
    ///
    /// # Errors
    ///
    /// Fails where they could not be kept, as [`write`](Self::write) does.
    fn write_records(&self, records: &mut Vec<Record>) -> Result<()> {
        self.write(&Write::records(records))?;
        records.clear();
        Ok(())
    }

    /// The records that fit: all of them, or as many as the query's limit says.
    ///
    /// # Errors
    ///
    /// Fails where the log could not be read.
    fn query(&self, query: &Query) -> Result<Page>;

    /// How many records fit, whatever the query's order, limit and cursor are.
    ///
    /// # Errors
    ///
    /// Fails where the log could not be read.
    fn count(&self, query: &Query) -> Result<u64> {
        let query = Query {
            order: Order::Oldest,
            limit: None,
            after: None,
            ..query.clone()
        };
        Records::new(self, query).try_fold(0, |count, record| record.map(|_| count + 1))
    }

    /// What an app needs to go on where it was. It counts everything that was ever written, also what was forgotten
    /// since.
    ///
    /// # Errors
    ///
    /// Fails where the log could not be read.
    fn load(&self) -> Result<Past>;

    /// Forgets old records, and tells how many: none once there are no more to forget, or until it is worth the while.
    /// What [`load`](Self::load) says stays as it is.
    ///
    /// # Errors
    ///
    /// Fails where the log could not be written.
    fn forget(&self, retention: &Retention) -> Result<u64>;

    /// Gives up the right to write, where a log belongs to one app at a time: another app may have it at once when this
    /// has returned. An app does so when it has ended for good, before [`App::run`](crate::App::run) or
    /// [`App::serve`](crate::App::serve) returns, and not when it restarts.
    ///
    /// What is written can be asked for as before; what others write afterwards may be seen, or not. To write, to load or to
    /// forget takes the right again, if nobody else has it.
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
    /// Fails where others may still be kept from writing.
    fn close(&self) -> Result<()> {
        Ok(())
    }

    /// Whether a write is so quick and so sure that the scheduler does it itself, as with memory. Parameters and
    /// results are not made into JSON then. Any other log is written by a thread of its own, many writes in one.
    fn is_immediate(&self) -> bool {
        false
    }
}

impl<L: RunLog + ?Sized> RunLog for Arc<L> {
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
