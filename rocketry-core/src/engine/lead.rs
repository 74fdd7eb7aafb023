//! The lead of the app's cluster.

use std::sync::Arc;

/// The lead of the cluster, if the app is a node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lead {
    /// The name of the node that leads, if it is known.
    pub(crate) leader: Option<Arc<str>>,
    /// True if this node has led and winds up, because it no longer leads.
    pub(crate) concedes: bool,
    /// The number of the last call of another node that was made.
    pub(crate) relayed: u64,
}
