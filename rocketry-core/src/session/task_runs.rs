//! The past, current and future runs of a task.

use std::sync::Arc;

use super::Task;
use crate::engine::hold::Hold;
use crate::engine::next_start::next_start;
use crate::engine::run::Running;
use crate::engine::standing::{holds, is_finished};
use crate::error::Result;
use crate::log::{Action, Query, Record};
use crate::param::Params;
use crate::task::Execution;
use crate::time::Timestamp;

impl Task {
    /// Returns the name of the [group](crate::Group) of the task, if it is in one.
    pub fn group(&self) -> Option<Arc<str>> {
        self.read(|entry| entry.spec.rare.group.clone())
    }

    /// Returns the priority. Tasks with a higher priority start first.
    pub fn priority(&self) -> i32 {
        self.read(|entry| entry.priority)
    }

    /// Returns the parameters that were set for the task itself, without those of its signature, of a run or
    /// of the session.
    pub fn params(&self) -> Params {
        self.read(|entry| entry.spec.params.clone())
    }

    /// Returns where the task runs.
    pub fn execution(&self) -> Execution {
        self.read(|entry| entry.spec.execution)
    }

    /// Returns the number of requested runs that have not started.
    pub fn queued(&self) -> usize {
        self.read(|entry| entry.queue.len())
    }

    /// Returns the start records of the runs in progress, oldest first.
    ///
    /// ```
    /// use rocketry::{Result, Session};
    ///
    /// fn how_long(session: Session) -> Result<()> {
    ///     for run in session.task("fetch")?.under_way() {
    ///         println!("run {} since {}, {:?} late", run.run_id, run.start, run.lateness());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn under_way(&self) -> Vec<Record> {
        let start = |running: &Running| Record {
            extra: running.origin.clone(),
            ..running.run.record(Action::Run, running.run.start)
        };
        self.read(|entry| entry.runs.running.iter().map(start).collect())
    }

    /// Returns whether the task is finished: its start condition was true and can never be true again,
    /// because the task has used up its runs (`at most 10 runs`) or its last date has passed (`until
    /// 2026-12-01`). Requested runs are still made.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("trial", "daily & at most 3 runs", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// let trial = app.session().task("trial")?;
    /// assert!(!trial.is_finished());
    /// app.run_until("2026-01-10T00:00:00Z");
    /// assert_eq!(app.starts("trial").len(), 3);
    /// assert!(trial.is_finished());
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn is_finished(&self) -> bool {
        let now = self.session().now();
        is_finished(&self.session().state(), self.id(), now)
    }

    /// Returns everything that prevents a run of the task from starting now, the most important first. The
    /// list is empty if only the start condition prevents it. [`waits_for`](Self::waits_for) is about a run
    /// that is due or requested.
    ///
    /// ```
    /// use rocketry::{Result, Session};
    ///
    /// fn why_not(session: Session) -> Result<()> {
    ///     for hold in session.task("report")?.holds() {
    ///         println!("a run of `report` waits for {hold}");
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn holds(&self) -> Vec<Hold> {
        let now = self.session().now();
        holds(&self.session().state(), self.id(), now)
    }

    /// Returns a description of what a run that is due, requested or about to start waits for: room in a
    /// pool, its jitter, the end of a run in progress, the end of a pause, or a run log that can't be
    /// written. Returns `None` if no run waits.
    pub fn waits_for(&self) -> Option<String> {
        let now = self.session().now();
        let hold = self.session().state().waits_for(self.id(), now);
        hold.map(|hold| hold.to_string())
    }

    /// Returns when the task is due next: now or later. Conditions on other tasks and on parameters keep
    /// their current values; custom conditions count as true.
    ///
    /// [Jitter](crate::TaskBuilder::jitter) is included: the result is the time of the actual start. A start
    /// that waits for the end of a run, because of [`overlap`](crate::TaskBuilder::overlap), or for room in a
    /// pool is due now; [`waits_for`](Self::waits_for) says what it waits for. While the task has its maximum
    /// number of concurrent runs, the result is the next start after those.
    ///
    /// A start that [will be skipped](Self::skip_next) is passed over, and a [pause](Self::pause) is assumed
    /// to end first.
    ///
    /// Returns `None` if the task never becomes due by time alone, for example because it is disabled or
    /// paused without an end, or if its condition changes more than 256 times before that.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
    /// let report = app.session().task("report")?;
    /// assert_eq!(report.next_due().unwrap().to_string(), "2026-01-02T07:00:00.000000Z");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn next_due(&self) -> Option<Timestamp> {
        let now = self.session().now();
        next_start(&self.session().state(), self.id(), now)
    }

    /// Returns the matching records of the task, oldest first unless the query sets another order.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn log(&self, query: Query) -> Result<Vec<Record>> {
        self.session().log(&query.task(self.name()))
    }
}
