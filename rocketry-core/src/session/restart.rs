//! Restarts the app.

use super::Session;
use crate::config::Restarting;
use crate::engine::audit::AuditedAction;
use crate::engine::state::Phase;
use crate::error::{Error, Kind, Result};

impl Session {
    /// Restarts the app once the runs in progress have ended, in the way that the
    /// [settings](crate::Config::restarting) select. The app shuts down, with its shut-down tasks and hooks,
    /// and starts up again.
    ///
    /// The state is kept: requested runs that have not started, disabled tasks, changes of tasks and
    /// parameters, results, and the history that conditions need. The in-memory log keeps its records.
    /// Requests made during the restart are carried out afterwards, but waits end with a restart: waiting
    /// callers get an error. In a new process, tasks that were added to the running app have to be added
    /// again, and then get their history back; deleted tasks exist again if the program declares them.
    ///
    /// Only values that can be converted to JSON reach a new process. A restart that would lose a value is
    /// refused, unless the value was set after the restart began. [Secrets](crate::Config::secrets) are never
    /// written: after the restart, a secret parameter has its declared value. A restart is refused while a
    /// run is queued that was requested with a secret.
    ///
    /// On manual time, an app always restarts in its own process.
    ///
    /// ```
    /// use rocketry::{Config, Restarting, Result, Rocketry, Session};
    ///
    /// fn update(session: Session) -> Result<()> {
    ///     // A new version of the program has been put where this one lies.
    ///     session.restart()
    /// }
    ///
    /// let config = Config { restarting: Restarting::Replace, ..Config::default() };
    /// let app = Rocketry::builder().config(config).func("update", "weekly on Sunday", update);
    /// # app.build().unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] is true if the app is shutting down, or if it runs only some of its tasks.
    /// [`Error::is_parameter`] is true if a new process is needed and a value can't be converted to JSON; the
    /// message names the value. The app continues in both cases.
    pub fn restart(&self) -> Result<()> {
        self.restart_from(Phase::Closing)
    }

    /// Restarts the app immediately: the runs in progress are terminated. Otherwise it works like
    /// [`restart`](Self::restart). A restart that is waiting for runs stops waiting.
    ///
    /// # Errors
    ///
    /// See [`restart`](Self::restart).
    pub fn restart_now(&self) -> Result<()> {
        self.restart_from(Phase::Forced)
    }

    fn restart_from(&self, phase: Phase) -> Result<()> {
        let way = self.way_to_restart();
        if way != Restarting::Recall {
            self.check_words()?;
        }
        let refused = |why| Err(Error::new(Kind::State, format!("the app can't restart: {why}")));
        let mut change = self.change();
        if change.only_requested {
            return refused("it runs some of its tasks alone");
        }
        if change.phase >= Phase::Closing && change.restart.is_none() {
            return refused("it is ending");
        }
        change.audit(|_| AuditedAction::new("restart").to((phase == Phase::Forced).then_some("now")));
        let waits_for = self.waits_for(&change, phase);
        change.close_for_restart(way, phase);
        drop(change);
        if let Some(tasks) = waits_for {
            self.report_closing("restarting", phase, &tasks);
        }
        Ok(())
    }

    /// Checks that everything that a new process needs can be converted to JSON.
    fn check_words(&self) -> Result<()> {
        let (_, mut problems) = self.facts();
        for problem in &mut problems {
            problem
                .message
                .insert_str(0, "the app can't restart in another process: ");
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::build(Kind::Parameter, problems))
        }
    }

    fn way_to_restart(&self) -> Restarting {
        match self.0.clock.as_manual() {
            Some(_) => Restarting::Recall,
            None => self.in_force().restarting,
        }
    }

    /// Takes the kind of restart after the app has shut down. From here on, requests are refused if the app
    /// restarts in a new process.
    pub(crate) fn take_restart(&self) -> Option<Restarting> {
        let mut state = self.state();
        let way = state.restart.take()?;
        match way {
            Restarting::Recall => state.begin_anew(),
            Restarting::Replace | Restarting::Relaunch => state.enter(Phase::Over),
        }
        drop(state);
        if way == Restarting::Recall {
            self.stand_by_again();
        }
        Some(way)
    }
}
