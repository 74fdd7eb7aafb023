//! Several nodes with one run log: one of them leads and decides what runs, and all of them make the runs.
//!
//! An app becomes a node with [`Rocketry::cluster`](crate::Rocketry::cluster). This module is what it needs for that; how the
//! nodes agree on a leader is a [`Cluster`], which the crate `rocketry-cluster` implements for NATS JetStream and PostgreSQL.
//!
//! # What is promised
//!
//! - **An occurrence, a task and the instant at which it is due, starts at most once**, whatever the nodes believe: its start
//!   is recorded and claimed in one write. Even if two nodes lead at the same time, nothing starts twice.
//! - A start is recorded before the run begins. Each run that was recorded has one end. A run that was under way on another
//!   node goes on when the leader fails, and the next leader records its end. If the node of a run is not heard of for a
//!   lease, the leader records that the run crashed; the node's own end, if it comes later, is refused and told in
//!   [`failures`](crate::Session::failures).
//! - A run is begun *at most once*, unless its task says [`attempts`](crate::TaskBuilder::attempts) or `on_crash = "again"`. Then
//!   another node begins it again if its node is lost. Each attempt has a number, and the end of an earlier attempt is refused.
//! - Pools, `max_running`, priorities and timeouts hold for the whole cluster, because the leader decides what starts.
//! - A new leader takes up the state of the last one, as after a restart: the past, changed options and parameters, requests
//!   that wait. What came due meanwhile is treated as after a downtime.
//! - A leader that is killed is replaced after its [lease](crate::Config::lease) and at most a quarter of it more, plus the time
//!   to read the run log. One that stops in an orderly way is replaced at once.
//! - A leader that is frozen, slow or cut off does no harm: it gives up its lead when it can't renew it, and what it writes
//!   later is refused.
//!
//! - Runs can be requested and the app be changed through any node. One that stands by has the leader do that, once and in one
//!   order for all nodes, and the [audit record](crate::Session::audit) tells who asked, and through which node. If no node
//!   leads for twice the lease and two seconds, the call is withdrawn: the caller of a run gets an error, and of a change
//!   `failures` tell. They also tell of a change that the leader refuses.
//! - A node that stands by knows what the leader has recorded, a moment later: statuses, counts, overrides, pauses, parameters,
//!   the audit record, and the run log. Which runs are under way in memory, only the leader knows.
//!
//! - A node that [drains](crate::Session::drain) or shuts down takes nothing new and does not run for the lead any more. If it leads, it
//!   keeps the lead until its runs have ended, since their ends are its to record; then another node takes over at once.
//!
//! - Clocks of nodes may differ. What a leader has started by a clock that was ahead, or before its clock was set back, is not started again: the
//!   schedule goes on once the clock of the leader shows what comes after.
//!
//! # What can't be promised
//!
//! - A node that freezes after a start is recorded and goes on later does not begin the run. If it freezes *while* the
//!   function runs, the function goes on when the node does, although the run is recorded as crashed by then.
//! - A server that acknowledges a write before it is on the disk may lose it: PostgreSQL with `synchronous_commit = off` or
//!   `fsync = off`, and NATS unless its servers have `sync_interval: always`. A node tells so in
//!   [`failures`](crate::Session::failures) when it starts. One NATS server is for development.
//! - A run whose node is not heard of may go on there, although it is recorded as crashed by then. A task that must not run
//!   twice at a time says neither `attempts` nor `on_crash = "again"`.
//! - If all nodes stop within a lease after one was killed, the crash of its runs is recorded when the cluster starts again.
//!
//! # Where runs are made
//!
//! The leader hands over each run to all nodes, which take runs in turn: each as many at a time as its
//! [`max_node_runs`](crate::Config::max_node_runs) says. The node resolves the parameters:
//! functions of parameters are called there, and the values of parameters and the results of other tasks come with the run, as
//! JSON. The leader itself makes these runs:
//!
//! - those of tasks with `execution = "main"`, and of tasks that run on start-up and on shut-down. Hooks are called on the leader, too: what
//!   functions need on every node is given when the app is built, or by a function of a parameter;
//! - those that need a value which JSON can't represent, or a secret that was set while the app ran;
//! - all runs, in a cluster that [hands over](Cluster::open_work) none.
//!
//! A run that was handed over can be followed with [`terminate`](crate::Task::terminate), its status and the run log from the
//! leader. What it prints is in the run log once it has ended; only its own node has it before. A result that JSON can't represent is
//! left out, and `failures` of the node tell that.

mod address;
mod fenced;
mod heartbeat;
mod relay;
mod roster;
mod seat;
mod shared_log;
mod work;

pub use address::{ClusterScheme, ClusterSource, IntoCluster};
pub(crate) use fenced::{FencedLog, RELAYED};
pub use heartbeat::{HeardNode, Heartbeat, NodeInfo, NodeProfile};
pub use relay::Relay;
pub(crate) use roster::News;
pub use seat::{Role, Seat};
pub use shared_log::{SharedLog, claim};
pub use work::{Held, Holder, Job, JobEnd, OpenJob, Taken, Work};

use crate::error::Result;

/// Where nodes agree on a leader, and where they keep their run log.
///
/// An app takes one with [`Rocketry::cluster`](crate::Rocketry::cluster).
pub trait Cluster: Send + Sync + 'static {
    /// Opens the run log that all nodes share.
    ///
    /// # Errors
    ///
    /// Fails if the log can't be opened.
    fn open_log(&self) -> Result<Box<dyn SharedLog>>;

    /// Makes the app a node: from now on it runs for the lead, on a thread of its own. The [seat](Seat) is told when the
    /// node begins to lead, for how long it may rely on that, and when it leads no more.
    ///
    /// # Errors
    ///
    /// Fails if the thread can't be started.
    fn join(&self, seat: Seat) -> Result<Box<dyn Membership>>;

    /// Opens the way by which nodes that stand by have the leader make requests and changes. It is opened twice by each
    /// node. Without one, the default, a follower refuses requests.
    ///
    /// # Errors
    ///
    /// Fails if the way can't be opened.
    fn open_relay(&self) -> Result<Option<Box<dyn Relay>>> {
        Ok(None)
    }

    /// Opens the table by which the leader hands over runs to all nodes. It is opened several times by each node. Without one, the
    /// default, the leader makes all runs.
    ///
    /// # Errors
    ///
    /// Fails if the table can't be opened.
    fn open_work(&self) -> Result<Option<Box<dyn Work>>> {
        Ok(None)
    }
}

/// A node's place in its cluster. Dropping it is the same as [`leave`](Self::leave).
pub trait Membership: Send + Sync {
    /// Gives up the lead, if the node has it, so that another node can take it at once. The node runs for the lead again
    /// after the length of a lease.
    fn resign(&self);

    /// Asks a node to drain, by its instance. It hears of that with its next heartbeat: see [`Seat::hear`]. If the cluster can't be
    /// reached, it is asked later.
    fn ask_to_drain(&self, instance: &str);

    /// Gives up the lead, if the node has it, and leaves the cluster. When this returns, another node can take the lead,
    /// unless the cluster could not be reached.
    fn leave(&self);

    /// What the settings of the servers put at risk, a sentence each: an acknowledged write that a power loss may undo.
    fn risks(&self) -> Vec<String> {
        Vec::new()
    }
}
