//! The heartbeats that nodes send to each other.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The description of a node for [`Session::nodes`](crate::Session::nodes).
///
/// ```
/// use rocketry::cluster::NodeProfile;
///
/// let profile = NodeProfile { lanes: vec!["gpu".into()], ..NodeProfile::from("a") };
/// assert_eq!(&*profile.name, "a");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeProfile {
    /// The name of the node: see [`Config::node`](crate::Config::node).
    pub name: Arc<str>,
    /// The version of its app: see [`Rocketry::version`](crate::Rocketry::version).
    pub version: Option<Arc<str>>,
    /// Its lanes: see [`Config::lanes`](crate::Config::lanes).
    pub lanes: Vec<Arc<str>>,
}

impl From<&str> for NodeProfile {
    fn from(name: &str) -> Self {
        NodeProfile {
            name: name.into(),
            ..NodeProfile::default()
        }
    }
}

/// What a node periodically reports to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// The description of the node.
    pub profile: NodeProfile,
    /// The identity of the node, which distinguishes it from others with its name, and from itself before a
    /// restart.
    pub instance: Arc<str>,
    /// The number of runs that it executes.
    pub runs: usize,
    /// Whether it is draining: it takes nothing new and ends once its runs have ended.
    pub is_draining: bool,
    /// When it was started, by its own clock.
    pub started: Timestamp,
}

/// A heartbeat in the store of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardNode {
    /// The last report of the node.
    pub heartbeat: Heartbeat,
    /// How long ago that was, by the clock of the store, so the clocks of nodes need not agree.
    pub silent_for: Duration,
    /// The term of its lead, if it has the lease. The lease may have expired.
    pub term: Option<u64>,
    /// Whether the node was asked to drain.
    pub is_asked_to_drain: bool,
}

/// A node of the cluster, as returned by [`Session::nodes`](crate::Session::nodes).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct NodeInfo {
    /// Its name: see [`Config::node`](crate::Config::node).
    pub name: Arc<str>,
    /// The identity of the node, which distinguishes it from others with its name, and from itself before a
    /// restart.
    pub instance: Arc<str>,
    /// The version of its app: see [`Rocketry::version`](crate::Rocketry::version).
    pub version: Option<Arc<str>>,
    /// Its lanes: see [`Config::lanes`](crate::Config::lanes).
    pub lanes: Vec<Arc<str>>,
    /// The number of runs that it executes.
    pub runs: usize,
    /// Whether it is draining: it takes nothing new and ends once its runs have ended.
    pub is_draining: bool,
    /// Whether it is the node that was asked for this list.
    pub is_this: bool,
    /// The term of its lead, if it leads.
    pub term: Option<u64>,
    /// Whether no heartbeat has arrived for the length of a [lease](crate::Config::lease): the node has
    /// ended, is frozen or is disconnected. If all nodes are lost, the node that was asked for this list
    /// can't reach the others.
    pub is_lost: bool,
    /// When it was started, by its own clock.
    pub started: Timestamp,
    /// When its last heartbeat arrived. The age of a heartbeat is measured by the cluster's store, so clocks
    /// need not agree.
    pub seen: Timestamp,
}
