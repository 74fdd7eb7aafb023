//! Waits, on a node of a cluster, until the node leads.

use super::main_loop::Scheduler;
use crate::engine::state::Phase;
use crate::error::{Error, Kind, Result};
use crate::exec::RUN_FUNCTIONS;
use crate::failure::Part;

impl Scheduler {
    /// Waits until the node leads, and restores the state from the run log. Returns `false` if the app is to
    /// end first, and on manual time also if the node does not lead yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the node can't run for the lead at all.
    pub(super) async fn stand_by(&mut self) -> Result<bool> {
        let session = self.session.clone();
        let joined = tokio::task::spawn_blocking(move || session.join_cluster(RUN_FUNCTIONS)).await;
        joined.unwrap_or_else(|cause| Err(Error::new(Kind::State, cause.to_string())))?;
        while self.session.stands_by() {
            if self.session.may_begin() {
                self.take_lead().await;
                continue;
            }
            if self.session.is_behind() {
                let session = self.session.clone();
                let followed = tokio::task::spawn_blocking(move || session.follow_log());
                let followed = followed.await;
                followed.map_err(|cause| Error::new(Kind::State, cause.to_string()))?;
            }
            if self.session.clock().as_manual().is_some() {
                // The test decides when to check again.
                break;
            }
            self.settle().await;
            if self.session.stands_by() && !self.session.may_begin() {
                self.rest().await;
            }
        }
        let state = self.session.state();
        // Runs of the previous leader may continue.
        self.dispatcher.resume_deadlines(&state);
        let phase = state.phase;
        drop(state);
        self.leads = phase != Phase::Standby && phase < Phase::Closing;
        Ok(self.leads)
    }

    /// Waits for the runs that this node executes for a leader. Another node can take the lead in the
    /// meantime, and all nodes know this node until its runs have ended.
    pub(super) async fn finish_made(&mut self) {
        if self.session.makes_runs() {
            self.session.give_up_lead();
            self.session.finish_made().await;
        }
    }

    /// Reports what a node that has conceded could not record. This is not a reason to end.
    pub(super) fn excuse_if_conceded(&self, written: Result<()>) -> Result<()> {
        let has_conceded = self.session.state().lead.concedes;
        match written {
            Err(error) if has_conceded => {
                self.session.fail(Part::Cluster, None, error);
                Ok(())
            }
            written => written,
        }
    }

    /// Reads the run log on a thread that may block. If that fails, the node has resigned and stands by.
    async fn take_lead(&mut self) {
        let session = self.session.clone();
        let taken = tokio::task::spawn_blocking(move || session.take_lead()).await;
        let taken = taken.unwrap_or_else(|cause| Err(Error::new(Kind::State, cause.to_string())));
        if let Err(error) = taken {
            let message = format!("this node was to lead, and could not take over: {error}");
            let error = Error::new(Kind::State, message).because(error);
            self.session.fail(Part::Cluster, None, error);
        }
    }
}
