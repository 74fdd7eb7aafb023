//! Handles for reading the run log and for writing messages of tasks and of the scheduler.

use std::fmt;
use std::sync::Arc;

use super::Session;
use super::extractors::{app, run};
use crate::error::Result;
use crate::failure::Failure;
use crate::log::{Page, Query, Record, Records, RunLog};
use crate::param::transferable::AtHome;
use crate::param::{Context, Extract, RunId};

/// Read access to the run log of the app. Functions can take it as a parameter.
///
/// ```
/// use rocketry::{Action, Query, Result, SessionLog};
///
/// fn count_failures(log: SessionLog) -> Result<usize> {
///     Ok(log.query(&Query::new().action(Action::Fail))?.len())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SessionLog(Session);

impl SessionLog {
    /// Returns the matching records, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn query(&self, query: &Query) -> Result<Vec<Record>> {
        self.0.log(query)
    }

    /// Returns an iterator over the matching records that reads them lazily.
    pub fn records(&self, query: Query) -> Records<'_, dyn RunLog> {
        self.0.records(query)
    }

    /// Returns a page of the matching records, and the position of the next page.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn page(&self, query: Query) -> Result<Page> {
        self.0.log_page(query)
    }

    /// Returns the number of matching records.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn count(&self, query: Query) -> Result<u64> {
        self.0.log_count(query)
    }
}

macro_rules! messages {
    ($target:literal, |$this:ident| $($field:ident = $value:expr),*) => {
        /// Writes a message at the level INFO.
        pub fn info(&self, message: impl fmt::Display) {
            let $this = self;
            tracing::info!(target: $target, $($field = $value,)* "{message}");
        }

        /// Writes a message at the level WARN.
        pub fn warn(&self, message: impl fmt::Display) {
            let $this = self;
            tracing::warn!(target: $target, $($field = $value,)* "{message}");
        }

        /// Writes a message at the level ERROR.
        pub fn error(&self, message: impl fmt::Display) {
            let $this = self;
            tracing::error!(target: $target, $($field = $value,)* "{message}");
        }

        /// Writes a message at the level DEBUG.
        pub fn debug(&self, message: impl fmt::Display) {
            let $this = self;
            tracing::debug!(target: $target, $($field = $value,)* "{message}");
        }
    };
}

/// The log of the task that takes it as a parameter. It reads the records of the task, and writes messages
/// with the names of the task and the run.
///
/// Messages go to `tracing`, with the target `rocketry::task` and the fields `task` and `run`.
///
/// ```
/// use rocketry::{Action, Query, Result, TaskLogger};
///
/// async fn fetch(logger: TaskLogger) -> Result<()> {
///     let failures = logger.query(Query::new().action(Action::Fail))?;
///     logger.info(format_args!("{} failures before", failures.len()));
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TaskLogger {
    session: Session,
    task: Arc<str>,
    run: RunId,
}

impl TaskLogger {
    /// Returns the matching records of this task, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn query(&self, query: Query) -> Result<Vec<Record>> {
        self.session.log(&query.task(&*self.task))
    }

    messages!(
        "rocketry::task",
        |this| task = &*this.task,
        run = tracing::field::display(&this.run)
    );
}

/// The log of the scheduler. It returns the failures outside of runs, and writes messages.
///
/// Messages go to `tracing`, with the target `rocketry::scheduler`.
#[derive(Clone, Debug)]
pub struct SchedulerLogger(Session);

impl SchedulerLogger {
    /// Returns the failures outside of runs, like [`Session::failures`].
    pub fn failures(&self) -> Vec<Failure> {
        self.0.failures()
    }

    messages!("rocketry::scheduler", |this| cycle = this.0.cycles());
}

impl AtHome for SessionLog {}
impl AtHome for TaskLogger {}
impl AtHome for SchedulerLogger {}

impl Extract for SessionLog {
    fn extract(context: &Context<'_>) -> Result<Self> {
        app(context, "SessionLog").cloned().map(SessionLog)
    }
}

impl Extract for TaskLogger {
    fn extract(context: &Context<'_>) -> Result<Self> {
        let run = run(context, "TaskLogger")?;
        let session = app(context, "TaskLogger")?.clone();
        Ok(TaskLogger {
            session,
            task: run.task.clone(),
            run: run.run_id.clone(),
        })
    }
}

impl Extract for SchedulerLogger {
    fn extract(context: &Context<'_>) -> Result<Self> {
        app(context, "SchedulerLogger").cloned().map(SchedulerLogger)
    }
}
