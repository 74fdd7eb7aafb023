//! Hands over runs to other nodes, takes over those that were, and tells what became of them.

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

/// How long the ends of runs may take to be reported, once this node ends.
const REPORTING: Duration = Duration::from_secs(1);

/// The runs that were handed over before this node led, by their keys.
#[derive(Default)]
pub(crate) struct OpenRuns(HashMap<String, Assignment>);

impl OpenRuns {
    /// Whether a run that was started is among them.
    pub(in crate::session) fn has(&self, start: &Record) -> bool {
        self.0
            .contains_key(&key_of(&start.task, &start.run_id, start.start))
    }
}

impl Session {
    /// The runs that are handed over, if the app is a node of a cluster that does so.
    pub(crate) fn work(&self) -> Option<&Arc<WorkTable>> {
        self.0.node.as_ref()?.work()
    }

    /// The term in which this node hands over runs, or has, and follows them.
    pub(crate) fn giving_term(&self) -> Option<u64> {
        let state = self.state();
        let leads = state.phase != Phase::Standby && state.phase != Phase::Over && !state.lead.concedes;
        drop(state);
        self.0.node.as_ref().filter(|_| leads)?.seat.term()
    }

    /// Reads the runs that were handed over, as the leader from now on.
    ///
    /// # Errors
    ///
    /// Fails if they can't be read, or if another node leads.
    pub(in crate::session) fn lead_work(&self, term: u64) -> Result<OpenRuns> {
        let Some(work) = self.work() else {
            return Ok(OpenRuns::default());
        };
        let mut lead = work.lead.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = lead.lead(term)?;
        drop(lead);
        let state = self.state();
        let mut open = OpenRuns::default();
        for OpenJob { key, text, .. } in jobs {
            let assignment = serde_json::from_str::<Assignment>(&text).ok();
            let known = assignment.filter(|assignment| state.find(&assignment.request.task).is_ok());
            match known {
                Some(assignment) => drop(open.0.insert(key, assignment)),
                // This version of the app does not have the task: the run counts as crashed.
                None => work.send(Message::Forget(term, key)),
            }
        }
        Ok(open)
    }

    /// Goes on with runs that other nodes make. Those that are not under way any more, as the run log tells, are forgotten.
    pub(in crate::session) fn adopt_runs(&self, term: u64, mut open: OpenRuns, starts: &[Record]) {
        let Some((work, node)) = self.work().zip(self.0.node.as_ref()) else {
            return;
        };
        for start in starts {
            let key = key_of(&start.task, &start.run_id, start.start);
            let mut state = self.state();
            let Some((id, assignment)) = state.find(&start.task).ok().zip(open.0.remove(&key)) else {
                continue;
            };
            let mut batch = Params::from_wires(assignment.request.batch);
            batch.conceal(&self.config().secrets);
            let run = state.adopt(id, start, assignment.number, batch);
            drop(state);
            let fate = work.follow(key, &run);
            node.wait_for(self, run, fate);
        }
        for key in open.0.into_keys() {
            work.send(Message::Forget(term, key));
        }
    }

    /// Forgets a run that was handed over, once its end is recorded.
    pub(crate) fn settle_given(&self, run: &Run) {
        let Some(work) = self.work() else { return };
        let key = key_of(&run.info.task, &run.info.run_id, run.start);
        if work.settle(&key)
            && let Some(term) = self.giving_term()
        {
            work.send(Message::Forget(term, key));
        }
    }

    /// How many runs other nodes may be making for this one. One that ends waits until it knows which it can let go of.
    pub(crate) fn given_runs(&self) -> usize {
        let work = self.work().filter(|_| self.phase() < Phase::Closing);
        work.map_or(0, |work| work.given_count())
    }

    /// How many runs this node makes, unless the state is locked.
    pub(in crate::session) fn runs_here(&self) -> Option<usize> {
        let active = self.0.state.try_lock().ok()?.active;
        let (given, made) = self
            .work()
            .map_or((0, 0), |work| (work.given_count(), work.made_count()));
        Some(active.saturating_sub(given) + made)
    }

    /// Notes the end of a run that another node has made.
    pub(crate) fn take_late(&self, ended: RunEnd) {
        if let Some(work) = self.work() {
            work.late().push(ended);
        }
        self.0.inbox.ring();
    }

    /// The ends of runs that other nodes have made, once the app is up: what came due since then is looked for.
    pub(crate) fn late_ends(&self) -> Vec<RunEnd> {
        let work = self.work().filter(|_| self.phase() >= Phase::Up);
        work.map_or_else(Vec::new, |work| std::mem::take(&mut *work.late()))
    }

    /// Lets go of the runs that go on without this node, if it leads no more or ends. The next leader records their ends.
    pub(crate) fn let_go_of_given(&self) {
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
            state.let_go_of_run(given.task, given.number);
        }
    }

    /// Whether this node makes runs for a leader that it has to finish before it ends.
    pub(crate) fn makes_runs(&self) -> bool {
        let Some(work) = self.work() else { return false };
        let state = self.state();
        let goes_on = state.lead.concedes || state.restart == Some(Restarting::Recall);
        drop(state);
        !goes_on && work.made_count() > 0
    }

    /// Waits for the runs that this node makes for the leader. One that was told to end has a while for that.
    pub(crate) async fn finish_made(&self) {
        let Some(work) = self.work() else { return };
        if self.phase() == Phase::Closing {
            work.stop_made(|run| run.spec.permanent);
            race(work.finish_unstopped(), self.forced_end()).await;
        }
        work.stop_made(|_| true);
        // A process is killed meanwhile, and then its end is reported.
        let limit = self.config().kill_grace.saturating_add(REPORTING);
        let _ = tokio::time::timeout(limit, work.finish()).await;
        for left in work.all_made() {
            let what = "it does not end, although it was told to: this node ends without it, and the leader finds it lost";
            self.fail_run(&left.run, left.attempt, what);
        }
    }

    /// Tells that the leader did not want the end of a run. An end that was `repeated` may have been kept the first time.
    pub(super) fn tell_refused_end(&self, run: &Run, attempt: u32, repeated: bool) {
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

    /// Tells that the leader has given up a run that this node makes.
    pub(super) fn tell_given_up(&self, run: &Run, attempt: u32) {
        let what =
            "it is cut off: this node was not heard of for a lease, and the leader has given this attempt up";
        self.fail_run(run, attempt, what);
    }

    fn fail_run(&self, run: &Run, attempt: u32, what: &str) {
        let message = format!("run {}, attempt {attempt}: {what}", run.info.run_id);
        self.fail_in_cluster(Some(&run.info.task), message);
    }
}
