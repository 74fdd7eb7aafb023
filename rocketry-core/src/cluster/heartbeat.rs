//! What nodes tell each other of themselves.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What a node is, for those who ask which nodes there are.
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

/// What a node tells the others of itself, every now and then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// What the node is.
    pub profile: NodeProfile,
    /// What tells it from others of its name, and from itself before a restart.
    pub instance: Arc<str>,
    /// How many runs it makes.
    pub runs: usize,
    /// Whether it takes nothing new and ends once its runs have ended.
    pub is_draining: bool,
    /// When it was started, by its own clock.
    pub started: Timestamp,
}

/// A heartbeat as the store of the cluster has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardNode {
    /// What the node told last.
    pub heartbeat: Heartbeat,
    /// How long ago that was, by the clock of the store, so that the clocks of nodes need not agree.
    pub silent_for: Duration,
    /// The term of its lead, if it has the lease. It may have run out.
    pub term: Option<u64>,
    /// Whether the node was asked to drain.
    pub is_asked_to_drain: bool,
}

/// A node of the cluster, as [`Session::nodes`](crate::Session::nodes) tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct NodeInfo {
    /// Its name: see [`Config::node`](crate::Config::node).
    pub name: Arc<str>,
    /// What tells it from others of its name, and from itself before a restart.
    pub instance: Arc<str>,
    /// The version of its app: see [`Rocketry::version`](crate::Rocketry::version).
    pub version: Option<Arc<str>>,
    /// Its lanes: see [`Config::lanes`](crate::Config::lanes).
    pub lanes: Vec<Arc<str>>,
    /// How many runs it makes.
    pub runs: usize,
    /// Whether it takes nothing new and ends once its runs have ended.
    pub is_draining: bool,
    /// Whether it is the node that was asked.
    pub is_this: bool,
    /// The term of its lead, if it leads.
    pub term: Option<u64>,
    /// Whether it has not been heard of for the length of a [lease](crate::Config::lease): it is gone, frozen or cut off.
    /// If all nodes are lost, it is the node that was asked that can't reach the others.
    pub is_lost: bool,
    /// When it was started, by its own clock.
    pub started: Timestamp,
    /// When it was last heard of. How long ago that was is measured by the cluster's store, so clocks need not agree.
    pub seen: Timestamp,
}
