//! The runs of a task: past, under way and to come.

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
    /// The name of the [group](crate::Group) of the task, if it is in one.
    pub fn group(&self) -> Option<Arc<str>> {
        self.read(|entry| entry.spec.rare.group.clone())
    }

    /// The priority: the greater goes first.
    pub fn priority(&self) -> i32 {
        self.read(|entry| entry.priority)
    }

    /// The parameters that the task itself was given: not those of its signature, of a run or of the session.
    pub fn params(&self) -> Params {
        self.read(|entry| entry.spec.params.clone())
    }

    /// Where its runs happen.
    pub fn execution(&self) -> Execution {
        self.read(|entry| entry.spec.execution)
    }

    /// The number of requested runs that have not begun.
    pub fn queued(&self) -> usize {
        self.read(|entry| entry.queue.len())
    }

    /// The records of the starts of the runs under way, oldest first.
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

    /// Whether the task is finished: its start condition has been true and can't be again, as it has had as many runs as it
    /// may (`at most 10 runs`), or its last date has gone by (`until 2026-12-01`). A run that is requested is made all the same.
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

    /// Everything that keeps a run of the task from starting now, the weightiest first; empty if only its start
    /// condition does. [`waits_for`](Self::waits_for) is about a run that is due or requested.
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

    /// What a run that is due, was requested or is about to begin waits for, in words: room in a pool, its jitter, the end of a run
    /// under way, the end of a pause, or a run log that can't be written. `None` if no run waits.
    pub fn waits_for(&self) -> Option<String> {
        let now = self.session().now();
        let hold = self.session().state().waits_for(self.id(), now);
        hold.map(|hold| hold.to_string())
    }

    /// When the task is due next, as things are: now or later. Conditions on other tasks and on parameters count as
    /// they stand; custom conditions count as true.
    ///
    /// [Jitter](crate::TaskBuilder::jitter) is included: the result is when the start is made. A start that waits for
    /// a run to end, by its [`overlap`](crate::TaskBuilder::overlap), or for room in a pool is due now;
    /// [`waits_for`](Self::waits_for) says what it waits for. While the task has as many concurrent runs as it may,
    /// the result is the next start after theirs.
    ///
    /// A start that [is to be skipped](Self::skip_next) is passed over, and a [pause](Self::pause) ends first.
    ///
    /// `None` if passing of time alone never makes the task due, as when it is disabled or paused without an end, or if
    /// its condition changes more than 256 times before that.
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

    /// The matching records of the task, oldest first unless the query says otherwise.
    ///
    /// # Errors
    ///
    /// Fails if the log can't be read; the one in memory always can.
    pub fn log(&self, query: Query) -> Result<Vec<Record>> {
        self.session().log(&query.task(self.name()))
    }
}
