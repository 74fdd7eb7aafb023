//! Clusters: several nodes with one run log. One node leads and decides what runs, and all of them execute
//! runs.
//!
//! An app becomes a node with [`Rocketry::cluster`](crate::Rocketry::cluster). This module contains what the
//! app needs for that. The nodes agree on a leader through a [`Cluster`], which the crate `rocketry-cluster`
//! implements for NATS JetStream and PostgreSQL.
//!
//! # Guarantees
//!
//! - **An occurrence (a task and the instant at which it is due) starts at most once**, whatever the nodes
//!   believe: its start is recorded and claimed in one write. Even if two nodes lead at the same time,
//!   nothing starts twice.
//! - A start is recorded before the run begins. Each recorded run has one end. When the leader fails, a run
//!   in progress on another node continues, and the next leader records its end. If the node of a run is lost
//!   for a lease, the leader records a crash; if the node's own end arrives later, it is refused and reported
//!   in [`failures`](crate::Session::failures).
//! - A run is started *at most once*, unless its task sets [`attempts`](crate::TaskBuilder::attempts) or
//!   `on_crash = "again"`. Then another node starts it again if its node is lost. Attempts are numbered, and
//!   the end of an earlier attempt is refused.
//! - Pools, `max_running`, priorities and timeouts apply to the whole cluster, because the leader decides
//!   what starts.
//! - A new leader restores the state of the previous one, as after a restart: the past, changed options and
//!   parameters, and waiting requests. Starts that fell due meanwhile are treated as after a downtime.
//! - A leader that is killed is replaced after its [lease](crate::Config::lease) and at most a quarter of it
//!   more, plus the time to read the run log. A leader that stops in an orderly way is replaced immediately.
//! - A leader that is frozen, slow or disconnected does no harm: it gives up the lead if it can't renew its
//!   lease, and its later writes are refused.
//!
//! - Every node accepts requests for runs and changes of the app. A node that stands by forwards them to the
//!   leader, which makes each of them once, in one order for all nodes. The [audit
//!   log](crate::Session::audit) contains the caller and the node. If no node leads for twice the lease plus
//!   two seconds, the call is withdrawn: the caller of a run gets an error, and a change is reported in
//!   `failures`. A change that the leader refuses is also reported there. The leader answers once its decision
//!   is recorded. If it fails before, the next leader decides. If a caller can't know the decision, because the
//!   leader has failed or the store has not confirmed the call, its error says so: the run log tells.
//! - In a rolling restart, the nodes may have different versions of the app. The leader's version decides what
//!   is scheduled. A run of a task that the leader does not have continues on its node, and the leader records
//!   its end.
//! - With a short delay, a node that stands by knows what the leader has recorded: statuses, counts,
//!   overrides, pauses, parameters, the audit log, and the run log. Only the leader knows in memory which
//!   runs are in progress.
//!
//! - A node that [drains](crate::Session::drain) or shuts down takes nothing new and no longer runs for the
//!   lead. If it is the leader, it keeps the lead until its runs have ended, because it has to record their
//!   ends; then another node takes over immediately.
//!
//! - The clocks of nodes may differ. Starts that a leader made by a clock that was ahead, or before its clock
//!   was set back, are not repeated: the schedule continues once the leader's clock has passed them.
//!
//! # Limitations
//!
//! - If a node freezes after the start of a run was recorded but before the function was called, it does not
//!   call the function when it continues. If it freezes *while* the function runs, the function continues
//!   with the node, although the run is recorded as crashed by then.
//! - A server that acknowledges a write before it is on the disk may lose it: PostgreSQL with
//!   `synchronous_commit = off` or `fsync = off`, and NATS unless its servers have `sync_interval: always`. A
//!   node reports such settings in [`failures`](crate::Session::failures) when it starts. A single NATS
//!   server is meant for development only.
//! - A run whose node is lost may continue there, although it is recorded as crashed by then. A task that
//!   must never run twice at the same time should set neither `attempts` nor `on_crash = "again"`.
//! - If all nodes stop within a lease after one was killed, the crash of its runs is recorded when the
//!   cluster starts again.
//!
//! # Where runs execute
//!
//! The leader hands over each run to the nodes, which take runs in turn, each up to its
//! [`max_node_runs`](crate::Config::max_node_runs). The node resolves the parameters: it calls the functions
//! of parameters, while the values of parameters and the results of other tasks are sent with the run, as
//! JSON. The leader itself executes these runs:
//!
//! - runs of tasks with `execution = "main"`, and of start-up and shut-down tasks. Hooks are also called on
//!   the leader; values that functions need on every node must be set when the app is built, or come from the
//!   function of a parameter;
//! - runs that need a value that JSON can't represent, or a secret that was set while the app ran;
//! - all runs, in a cluster that does not [hand over](Cluster::open_work) runs.
//!
//! On the leader, a run on another node has a status and can be [terminated](crate::Task::terminate). Its
//! output is in the run log once it has ended; before, only its own node has it. A result that JSON can't
//! represent is dropped, which the node reports in `failures`.

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
pub use work::{Held, Holder, Job, JobEnd, JobNews, OpenJob, Taken, Work};

use crate::error::Result;

/// The place where nodes elect a leader and keep their run log.
///
/// An app joins one with [`Rocketry::cluster`](crate::Rocketry::cluster).
pub trait Cluster: Send + Sync + 'static {
    /// Opens the run log that all nodes share.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be opened.
    fn open_log(&self) -> Result<Box<dyn SharedLog>>;

    /// Makes the app a node: from now on it runs for the lead, on a dedicated thread. The [seat](Seat) is
    /// notified when the node becomes the leader, how long it may rely on that, and when it no longer leads.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread can't be started.
    fn join(&self, seat: Seat) -> Result<Box<dyn Membership>>;

    /// Opens the connection through which nodes that stand by forward requests and changes to the leader.
    /// Each node opens it twice. The default is none: followers then refuse requests.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection can't be opened.
    fn open_relay(&self) -> Result<Option<Box<dyn Relay>>> {
        Ok(None)
    }

    /// Opens the table through which the leader hands over runs to nodes. Each node opens it several times.
    /// The default is none: the leader then executes all runs.
    ///
    /// # Errors
    ///
    /// Returns an error if the table can't be opened.
    fn open_work(&self) -> Result<Option<Box<dyn Work>>> {
        Ok(None)
    }
}

/// A node's membership in its cluster. Dropping it is the same as [`leave`](Self::leave).
pub trait Membership: Send + Sync {
    /// Gives up the lead, if the node has it, so that another node can take it immediately. The node runs for
    /// the lead again after the length of a lease.
    fn resign(&self);

    /// Asks a node to drain, given its instance. The node receives this with its next heartbeat: see
    /// [`Seat::hear`]. If the cluster can't be reached, the request is repeated later.
    fn ask_to_drain(&self, instance: &str);

    /// Gives up the lead, if the node has it, and leaves the cluster. When this returns, another node can take the lead,
    /// unless the cluster could not be reached.
    fn leave(&self);

    /// Returns the risks in the settings of the servers, a sentence each: acknowledged writes that a power
    /// loss may undo.
    fn risks(&self) -> Vec<String> {
        Vec::new()
    }
}
