//! Who leads the cluster of the app.

use std::sync::Arc;

/// Who leads the cluster, if the app is a node of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lead {
    /// The name of the node that leads, if it is known.
    pub(crate) leader: Option<Arc<str>>,
    /// Whether this node has led and winds up, because it leads no more.
    pub(crate) concedes: bool,
    /// The number of the last call of another node that was made.
    pub(crate) relayed: u64,
}
