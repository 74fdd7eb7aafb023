//! Restarts the app.

use super::Session;
use crate::config::Restarting;
use crate::engine::state::Phase;
use crate::error::{Error, Kind, Result};

impl Session {
    /// Restarts the app once the runs under way have ended, in the way that its [settings](crate::Config::restarting)
    /// say. It shuts down, with everything that belongs to that, and starts up again.
    ///
    /// Its state stays: runs that were asked for and have not begun, which tasks are disabled, what was changed
    /// of tasks and of parameters, results, and everything that conditions know of the past. The log in memory keeps its
    /// records. What is asked of the app meanwhile is done afterwards, but nobody can wait across a restart:
    /// whoever waits is told. Where the process changes, a task that was added to the running app has to be added again,
    /// and has its past then; one that was deleted is there again, if the program declares it.
    ///
    /// Into another process go only values that can be turned into JSON. A restart that has to leave one behind is refused,
    /// unless it was set after that. [Secrets](crate::Config::secrets) are not written down: a secret parameter is as declared
    /// afterwards, and a restart while a run waits that was asked for with one is refused.
    ///
    /// On manual time an app always starts anew in its process.
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
    /// [`Error::is_state`] holds if the app is ending, and if it runs some of its tasks alone.
    /// [`Error::is_parameter`] holds if a value can't be turned into JSON and the process is to change: the message
    /// names it. The app goes on then.
    pub fn restart(&self) -> Result<()> {
        self.restart_from(Phase::Closing)
    }

    /// Restarts the app at once: the runs under way are terminated. What holds for [`restart`](Self::restart) holds
    /// here; a restart that waits for runs does so no longer.
    ///
    /// # Errors
    ///
    /// What [`restart`](Self::restart) says.
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
        change.close_for_restart(way, phase);
        Ok(())
    }

    /// Whether everything that has to go into another process can.
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
            None => self.config().restarting,
        }
    }

    /// In which way the app restarts, now that it has wound up. If that is in another process, whatever is asked from
    /// here on comes too late.
    pub(crate) fn take_restart(&self) -> Option<Restarting> {
        let mut state = self.state();
        let way = state.restart.take()?;
        match way {
            Restarting::Recall => state.begin_anew(),
            Restarting::Replace | Restarting::Relaunch => state.enter(Phase::Over),
        }
        Some(way)
    }
}
