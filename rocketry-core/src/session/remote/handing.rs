//! Hands over runs to other nodes, adopts runs that an earlier leader handed over, and reports their ends.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::super::Session;
use super::assignment::Assignment;
use super::table::{LetGo, Message, WorkTable, key_of};
use crate::cluster::OpenJob;
use crate::config::Restarting;
use crate::dispatch::race::race;
use crate::engine::run::{Run, RunEnd};
use crate::engine::state::Phase;
use crate::error::Result;
use crate::log::Record;
use crate::param::Params;

/// How long a node that ends may take to report the ends of its runs.
const REPORTING: Duration = Duration::from_secs(1);

/// The runs that an earlier leader handed over, by key.
#[derive(Default)]
pub(crate) struct OpenRuns(HashMap<String, Assignment>);

impl OpenRuns {
    /// Returns true if it contains the run with this start.
    pub(in crate::session) fn has(&self, start: &Record) -> bool {
        self.0
            .contains_key(&key_of(&start.task, &start.run_id, start.start))
    }
}

impl Session {
    /// The table of handed-over runs, if the app is a node of a cluster that hands over runs.
    pub(crate) fn work(&self) -> Option<&Arc<WorkTable>> {
        self.0.node.as_ref()?.work()
    }

    /// The term in which this node hands over runs and follows them.
    pub(crate) fn giving_term(&self) -> Option<u64> {
        let state = self.state();
        let leads = state.phase != Phase::Standby && state.phase != Phase::Over && !state.lead.concedes;
        drop(state);
        self.0.node.as_ref().filter(|_| leads)?.seat.term()
    }

    /// Reads the runs that earlier leaders handed over, as the new leader.
    ///
    /// # Errors
    ///
    /// Returns an error if they can't be read, or if another node leads.
    pub(in crate::session) fn lead_work(&self, term: u64) -> Result<OpenRuns> {
        let Some(work) = self.work() else {
            return Ok(OpenRuns::default());
        };
        let mut lead = work.lead.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = lead.lead(term)?;
        drop(lead);
        let mut open = OpenRuns::default();
        for OpenJob { key, text, .. } in jobs {
            match serde_json::from_str(&text) {
                Ok(assignment) => drop(open.0.insert(key, assignment)),
                // A later version has described it, so the run counts as crashed.
                Err(_) => work.send(Message::Forget(term, key)),
            }
        }
        Ok(open)
    }

    /// Continues runs that other nodes execute, including those of tasks that only these nodes have. Forgets those that have ended
    /// according to the run log.
    pub(in crate::session) fn adopt_runs(&self, term: u64, mut open: OpenRuns, starts: &[Record]) {
        let Some((work, node)) = self.work().zip(self.0.node.as_ref()) else {
            return;
        };
        for start in starts {
            let key = key_of(&start.task, &start.run_id, start.start);
            let Some(assignment) = open.0.remove(&key) else {
                continue;
            };
            let (limits, number) = (assignment.limits(), assignment.number);
            let mut batch = Params::from_wires(assignment.request.batch);
            batch.conceal(&self.config().secrets);
            let mut state = self.state();
            let run = match state.find_exact(&start.task) {
                Some(id) => state.adopt(id, start, number, batch),
                None => state.adopt_unknown(limits, start, number, batch),
            };
            drop(state);
            let fate = work.follow(key, &run);
            node.wait_for(self, run, fate);
        }
        for key in open.0.into_keys() {
            work.send(Message::Forget(term, key));
        }
    }

    /// Forgets a handed-over run once its end is recorded.
    pub(crate) fn settle_given(&self, run: &Run) {
        let Some(work) = self.work() else { return };
        let key = key_of(&run.info.task, &run.info.run_id, run.start);
        if work.settle(&key)
            && let Some(term) = self.giving_term()
        {
            work.send(Message::Forget(term, key));
        }
    }

    /// The number of runs that other nodes may execute for this one. A node that ends waits until it knows
    /// which of them continue elsewhere.
    pub(crate) fn given_runs(&self) -> usize {
        let work = self.work().filter(|_| self.phase() < Phase::Closing);
        work.map_or(0, |work| work.given_count())
    }

    /// The number of runs that this node executes, unless the state is locked.
    pub(in crate::session) fn runs_here(&self) -> Option<usize> {
        let active = self.0.state.try_lock().ok()?.active;
        let (given, made) = self
            .work()
            .map_or((0, 0), |work| (work.given_count(), work.made_count()));
        Some(active.saturating_sub(given) + made)
    }

    /// Stores the end of a run that another node has executed.
    pub(crate) fn take_late(&self, ended: RunEnd) {
        if let Some(work) = self.work() {
            work.late().push(ended);
        }
        self.0.inbox.ring();
    }

    /// The ends of runs that other nodes have executed, once the app is up. Starts that have fallen due since
    /// then are handled as well.
    pub(crate) fn late_ends(&self) -> Vec<RunEnd> {
        let work = self.work().filter(|_| self.phase() >= Phase::Up);
        work.map_or_else(Vec::new, |work| std::mem::take(&mut *work.late()))
    }

    /// Releases the runs that continue without this node when it stops leading or ends. The next leader
    /// records their ends.
    pub(crate) fn release_given(&self) {
        let Some(work) = self.work() else { return };
        let mut state = self.state();
        let starts_anew = state.restart == Some(Restarting::Recall);
        let which = match state.phase {
            _ if state.lead.concedes => LetGo::All,
            Phase::Closing if !starts_anew => LetGo::Away,
            Phase::Forced if !starts_anew => LetGo::NotHere,
            _ => return,
        };
        for given in work.let_go(which) {
            state.release_run(given.task, given.number);
        }
    }

    /// Returns true if this node has to finish runs for a leader before it ends.
    pub(crate) fn makes_runs(&self) -> bool {
        let Some(work) = self.work() else { return false };
        let state = self.state();
        let goes_on = state.lead.concedes || state.restart == Some(Restarting::Recall);
        drop(state);
        !goes_on && work.made_count() > 0
    }

    /// Waits for the runs that this node executes for the leader. A run that was told to end gets a grace
    /// period.
    pub(crate) async fn finish_made(&self) {
        let Some(work) = self.work() else { return };
        if self.phase() == Phase::Closing {
            work.stop_made(|run| run.spec.permanent);
            race(work.finish_unstopped(), self.forced_end()).await;
        }
        work.stop_made(|_| true);
        // During the grace period a process is killed and its end is reported.
        let limit = self.config().kill_grace.saturating_add(REPORTING);
        let _ = tokio::time::timeout(limit, work.finish()).await;
        for left in work.all_made() {
            let what = "it does not end, although it was told to: this node ends without it, and the leader finds it lost";
            self.fail_run(&left.run, left.attempt, what);
        }
    }

    /// Reports that the leader refused the end of a run. If the end was `repeated`, the first attempt may
    /// have succeeded.
    pub(super) fn report_refused_end(&self, run: &Run, attempt: u32, repeated: bool) {
        let but = if repeated {
            ", unless it was recorded and only the confirmation was lost"
        } else {
            ""
        };
        let what = format!(
            "its end is refused{but}: this node was not heard of for a lease, and the leader has given this attempt up"
        );
        self.fail_run(run, attempt, &what);
    }

    /// Reports that the leader has given up a run that this node executes.
    pub(super) fn report_given_up(&self, run: &Run, attempt: u32) {
        let what = "it is terminated: this node sent no heartbeat for a lease, and the leader has abandoned this attempt";
        self.fail_run(run, attempt, what);
    }

    fn fail_run(&self, run: &Run, attempt: u32, what: &str) {
        let message = format!("run {}, attempt {attempt}: {what}", run.info.run_id);
        self.fail_in_cluster(Some(&run.info.task), message);
    }
}
