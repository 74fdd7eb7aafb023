//! The app as a node of a cluster: stands by, takes the lead, and concedes it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::change::Change;
use super::following::Followed;
use super::kept_calls::KeptCalls;
use super::relaying::Outbox;
use super::remote::{Fate, OpenRuns, RunFunctions, WorkTable};
use super::{Session, Shared};
use crate::cluster::{Cluster, Membership, Role, Seat, SharedLog};
use crate::cond::Need;
use crate::engine::run::Run;
use crate::engine::standby::Declared;
use crate::engine::state::{Phase, State};
use crate::error::{Error, Result};
use crate::log::{Handover, Write};

/// The cluster of which the app is a node, and the app in its initial state.
pub(crate) struct Node {
    pub(crate) seat: Seat,
    cluster: Box<dyn Cluster>,
    /// The run log that the nodes share.
    pub(super) shared: Arc<dyn SharedLog>,
    membership: Mutex<Option<Arc<dyn Membership>>>,
    declared: Declared,
    joined: OnceLock<()>,
    /// The queue of calls for the leader. It exists once the node has joined a cluster that carries calls.
    outbox: OnceLock<Outbox>,
    /// The table of handed-over runs, and the functions that wait for their ends. It exists once the node has
    /// joined a cluster that hands over runs.
    work: OnceLock<(Arc<WorkTable>, RunFunctions, Handle)>,
    /// What the node knows of the run log while it stands by.
    pub(super) followed: Followed,
    pub(super) kept_calls: KeptCalls,
}

impl Node {
    /// Creates a node that stands by.
    pub(crate) fn new(
        cluster: Box<dyn Cluster>,
        shared: Arc<dyn SharedLog>,
        seat: Seat,
        state: &mut State,
    ) -> Self {
        state.enter(Phase::Standby);
        Node {
            seat,
            cluster,
            shared,
            membership: Mutex::default(),
            declared: Declared::of(state),
            joined: OnceLock::new(),
            outbox: OnceLock::new(),
            work: OnceLock::new(),
            followed: Followed::default(),
            kept_calls: KeptCalls::default(),
        }
    }

    pub(super) fn outbox(&self) -> Option<&Outbox> {
        self.outbox.get()
    }

    pub(super) fn work(&self) -> Option<&Arc<WorkTable>> {
        self.work.get().map(|(work, ..)| work)
    }

    /// Waits for the end of a handed-over run.
    pub(super) fn wait_for(&self, session: &Session, run: Arc<Run>, fate: oneshot::Receiver<Fate>) {
        if let Some((_, functions, runtime)) = self.work.get() {
            (functions.wait)(session, runtime, run, fate);
        }
    }

    pub(super) fn membership(&self) -> Option<Arc<dyn Membership>> {
        let membership = self.membership.lock().unwrap_or_else(PoisonError::into_inner);
        membership.clone()
    }
}

impl Session {
    /// Returns true if the app is a node that does not lead.
    pub(crate) fn stands_by(&self) -> bool {
        self.state().phase == Phase::Standby
    }

    /// Returns true if a recorded run may start. It may not if the node can no longer rely on its lead.
    pub(crate) fn may_begin(&self) -> bool {
        let seat = self.0.node.as_ref().map(|node| &node.seat);
        seat.is_none_or(|seat| seat.term().is_some())
    }

    /// Starts running for the lead of the cluster, if the app is a node and has not started to.
    ///
    /// # Errors
    ///
    /// Returns an error if a thread can't be created.
    pub(crate) fn join_cluster(&self, functions: RunFunctions) -> Result<()> {
        let Some(node) = &self.0.node else { return Ok(()) };
        if node.joined.set(()).is_err() {
            return Ok(());
        }
        self.0.log.write(&Write::default())?;
        if let Some(outbox) = Outbox::open(self, &*node.cluster, &node.seat)? {
            let _ = node.outbox.set(outbox);
        }
        if let Some(work) = WorkTable::open(self, &*node.cluster, &node.seat, functions)? {
            let _ = node.work.set((work, functions, Handle::current()));
        }
        let app = Arc::downgrade(&self.0);
        node.seat.on_change(move |role| {
            if let Some(shared) = app.upgrade() {
                Session::of(shared).follow_role(role);
            }
        });
        self.watch_nodes(&node.seat);
        let joined: Arc<dyn Membership> = Arc::from(node.cluster.join(node.seat.clone())?);
        for risk in joined.risks() {
            self.fail_in_cluster(None, risk);
        }
        *node.membership.lock().unwrap_or_else(PoisonError::into_inner) = Some(joined);
        Ok(())
    }

    /// Leaves the cluster for good, so that another node can take the lead immediately.
    pub(crate) fn leave_cluster(&self) {
        if let Some(membership) = self.0.node.as_ref().and_then(Node::membership) {
            membership.leave();
        }
    }

    /// Gives up the lead for good, if the node has it. The other nodes still know the node.
    pub(crate) fn give_up_lead(&self) {
        if let Some(membership) = self.0.node.as_ref().and_then(Node::membership) {
            membership.resign();
        }
    }

    /// Follows a change of the node's role. Called on the thread that runs for the lead.
    fn follow_role(&self, role: &Role) {
        let name = self.0.node.as_ref().map(|node| node.seat.name());
        let leader = match role {
            Role::Follower { leader } => leader.clone(),
            Role::Leader { .. } => name.cloned(),
        };
        let mut change = self.change();
        change.note_leader(leader);
        let concedes = matches!(role, Role::Follower { .. }) && self.begin_to_concede(&mut change);
        drop(change);
        if concedes {
            self.report_conceded("its lease was not renewed in time, or another node has taken it");
        }
    }

    /// Gives up the lead because a write was refused, or because the node can no longer rely on its lead.
    pub(crate) fn concede(&self, why: &str) {
        let concedes = self.begin_to_concede(&mut self.change());
        if concedes {
            self.report_conceded(why);
            self.resign();
        }
    }

    /// Starts winding up, and stops writing. Returns true unless this was already under way.
    fn begin_to_concede(&self, change: &mut Change<'_>) -> bool {
        let concedes = change.concede();
        if let Some(node) = self.0.node.as_ref().filter(|_| concedes) {
            node.seat.release_log();
        }
        concedes
    }

    /// Records that the calls of other nodes up to `last` are logged as decided.
    pub(crate) fn note_kept_calls(&self, last: u64) {
        let node = self.0.node.as_ref();
        if let Some((node, term)) = node.and_then(|node| Some((node, node.seat.log_term()?))) {
            node.kept_calls.note(term, last);
        }
    }

    /// Reports that a change was made on a node that does not lead, and is lost once the node leads.
    pub(crate) fn report_unkept_changes(&self) {
        let leader = self.state().lead.leader.clone();
        let leader = leader.map_or_else(
            || "the node that leads".to_owned(),
            |leader| format!("`{leader}`, which leads"),
        );
        let message =
            format!("a change was made on a node that stands by, and is not kept: make it on {leader}");
        self.fail_in_cluster(None, message);
    }

    fn report_conceded(&self, why: &str) {
        let message = format!("this node no longer leads: {why}; its runs are terminated, and it stands by");
        self.fail_in_cluster(None, message);
    }

    /// Stands by immediately, and notifies the other nodes.
    fn resign(&self) {
        let Some(node) = &self.0.node else { return };
        node.seat.follow(None);
        if let Some(membership) = node.membership() {
            membership.resign();
        }
    }

    /// Restores the state of the cluster from the run log, as a restart does. The first write prevents the
    /// previous leader from writing anything that this node would miss.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read or written. The node has then resigned.
    pub(crate) fn take_lead(&self) -> Result<()> {
        let Some(node) = &self.0.node else { return Ok(()) };
        let taken = self.take_over(node);
        if taken.is_err() {
            self.stand_by(node);
            self.resign();
        }
        taken
    }

    fn take_over(&self, node: &Node) -> Result<()> {
        let term = node.seat.term().ok_or_else(|| Error::not_leading(None))?;
        node.seat.take_log(term);
        self.0.log.write(&Write::default())?;
        let open = self.lead_work(term)?;
        let missed = self.stand_by(node);
        self.state().facts.number_for_lead(term);
        let kept = self.recover(&missed, None, &open)?;
        self.call_all_init_hooks();
        self.adopt_runs(term, open, &kept);
        self.go_on_after_decided()?;
        let mut change = self.change();
        if node.seat.writing_term() != Some(term) {
            return Err(Error::not_leading(change.lead.leader.as_deref()));
        }
        if change.phase == Phase::Standby {
            change.enter(Phase::Starting);
        }
        Ok(())
    }

    /// Resets the app to its initial state after the node has conceded.
    pub(crate) fn stand_by_again(&self) {
        if let Some(node) = &self.0.node {
            let concedes = self.state().lead.concedes;
            if concedes {
                self.stand_by(node);
            }
        }
    }

    /// Restores the state from the run log, unless the app is a node. A node does that once it leads.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read or written.
    pub(crate) fn recover_unless_node(&self, missed: &[Need], left: Option<Handover>) -> Result<()> {
        if self.0.node.is_none() {
            self.recover(missed, left, &OpenRuns::default())?;
            self.call_all_init_hooks();
        }
        Ok(())
    }

    /// Resets the app to its initial state. Returns the history that its statements need.
    pub(super) fn stand_by(&self, node: &Node) -> Vec<Need> {
        let now = self.now();
        node.followed.forget();
        let mut change = self.change();
        if change.phase >= Phase::Closing {
            return Vec::new();
        }
        change.stand_by(&node.declared, now)
    }

    /// Calls the init hooks for the tasks in their initial state.
    fn call_all_init_hooks(&self) {
        let ids = self.state().ids();
        ids.for_each(|id| self.call_init_hooks(id));
    }
}

/// A node that is dropped without having run leaves its cluster.
impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(membership) = self.node.as_ref().and_then(Node::membership) {
            membership.leave();
        }
    }
}
