//! Restarts the app.

use super::Session;
use super::state::Phase;
use crate::error::{Error, Kind, Result};

impl Session {
    /// Restarts the app once the runs under way have ended: it shuts down, with everything that belongs to that, and
    /// starts up again in this process.
    ///
    /// Its state stays: runs that were asked for and have not begun, which tasks are disabled, what was changed
    /// of tasks and of parameters, results, the run log, and everything that conditions know of the past. What is asked
    /// of the app meanwhile is done afterwards, but nobody can wait across a restart: whoever waits is told.
    ///
    /// ```
    /// use rocketry_core::{Result, Rocketry, Session};
    ///
    /// fn afresh(session: Session) -> Result<()> {
    ///     session.restart()
    /// }
    ///
    /// let app = Rocketry::builder().func("afresh", "weekly on Sunday", afresh);
    /// # app.build().unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] holds if the app is ending, and if it runs some of its tasks alone.
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
        let refused = |why| Err(Error::new(Kind::State, format!("the app can't restart: {why}")));
        let mut state = self.state();
        if state.only_asked {
            return refused("it runs some of its tasks alone");
        }
        if state.phase >= Phase::Closing && !state.restarts {
            return refused("it is ending");
        }
        state.close_for_restart(phase);
        drop(state);
        self.tell_refused();
        self.0.inbox.ring();
        Ok(())
    }

    /// Whether the app restarts, now that it has wound up: it is ready to start anew then.
    pub(crate) fn take_restart(&self) -> bool {
        let mut state = self.state();
        let restarts = state.restarts;
        if restarts {
            state.begin_anew();
        }
        restarts
    }
}
