//! Information about the app itself.

use super::Session;
use super::calls::Call;
use crate::dispatch::lag_meter::SchedulerLag;
use crate::dispatch::live_output::Output;
use crate::dispatch::log_meter::LogUse;
use crate::engine::audit::AuditedAction;
use crate::engine::event::Phase;
use crate::engine::hold::Hold;
use crate::engine::run::StopReason;
use crate::error::{Error, Result};
use crate::param::RunId;
use crate::time::Timestamp;

impl Session {
    /// Returns the phase of the app.
    ///
    /// ```
    /// use rocketry::{Phase, Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// assert_eq!(app.session().phase(), Phase::Up);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn phase(&self) -> Phase {
        self.state().phase
    }

    /// Returns when the app started. Before that, when it was built.
    pub fn started(&self) -> Timestamp {
        self.state().startup
    }

    /// Returns the number of cycles that the scheduler has made: rounds in which it decided about at least
    /// one task.
    pub fn cycles(&self) -> u64 {
        self.state().cycles
    }

    /// Returns the version of the app: see [`Rocketry::version`](crate::Rocketry::version).
    pub fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// Returns the address of the run log, with passwords hidden. `None` if the app has a log without an address.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let session = Rocketry::builder().log("memory:").build()?.session();
    /// assert_eq!(session.log_address(), Some("memory:"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn log_address(&self) -> Option<&str> {
        self.0.log_address.as_deref()
    }

    /// Returns whether the run log is kept in memory only. Its records have neither parameters nor results.
    pub fn has_log_in_memory(&self) -> bool {
        self.0.log.is_immediate()
    }

    /// Returns how the run log is used. A log in memory is not measured: it has no writes to wait for.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// assert_eq!(session.log_use().waiting, 0);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn log_use(&self) -> LogUse {
        self.0.log_meter.read()
    }

    /// Returns how late the scheduler starts work that is due, because its thread did not get a processor in
    /// time or because user code kept it busy.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.run_until("2026-01-02T00:00:00Z");
    /// let lag = app.session().scheduler_lag();
    /// assert!(lag.cycles > 0);
    /// assert!(lag.total.is_zero(), "manual time does not pass meanwhile");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn scheduler_lag(&self) -> SchedulerLag {
        self.0.lag_meter.read()
    }

    /// Returns the output of a run that is in progress and is a program: a command, or a run in its own
    /// process. Returns `None` if there is no such run. The reader starts with the recent output that is
    /// still kept: the last 64 KiB or more.
    ///
    /// ```
    /// use rocketry::{Session, Task};
    ///
    /// async fn watch(session: Session) -> Result<(), rocketry::Error> {
    ///     let run = session.task("backup")?.under_way().remove(0);
    ///     if let Some(mut output) = session.output(&run.run_id) {
    ///         while let Some(text) = output.next().await {
    ///             print!("{text}");
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn output(&self, run_id: &RunId) -> Option<Output> {
        self.0.outputs.of(run_id)
    }

    /// Returns since when the run log can't be written, and why; `None` if it can be written, as far as the
    /// app knows.
    pub fn log_pause(&self) -> Option<(Timestamp, String)> {
        match self.state().log_gate.hold_of_all()? {
            Hold::Log { since, reason } => Some((since, reason)),
            _ => None,
        }
    }

    /// Terminates one run, in the same way as [`Task::terminate`](struct@crate::Task) terminates all runs of
    /// a task.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] is true if no run with this id is in progress.
    pub fn terminate_run(&self, run_id: &RunId) -> Result<()> {
        if self.forwards(|| Ok(Call::TerminateRun(run_id.clone()))) {
            return Ok(());
        }
        let mut change = self.change();
        let of_task = |id| {
            let running = &change.task(id).runs.running;
            running.iter().any(|run| run.run.info.run_id == *run_id)
        };
        let tasks: Vec<_> = change.ids().filter(|id| of_task(*id)).collect();
        if tasks.is_empty() {
            let message = format!("no run with the id `{run_id}` is under way");
            return Err(Error::not_found(message));
        }
        for id in tasks {
            let name = change.task(id).spec.name.clone();
            change.audit(|_| {
                AuditedAction::new("terminate")
                    .of(&name)
                    .what(&run_id.to_string())
            });
            change.stop(id, StopReason::Request, |run| run.run.info.run_id == *run_id);
        }
        Ok(())
    }
}
