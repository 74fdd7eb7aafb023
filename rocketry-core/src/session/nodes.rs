//! The nodes of the cluster of the app.

use super::Session;
use crate::cluster::{NodeInfo, Seat};

impl Session {
    /// The nodes of the app's [cluster](crate::Rocketry::cluster), this one included: those that are not lost first, by their names. They
    /// are known as of the last heartbeat of this node, half a [lease](crate::Config::lease) ago or less; nothing is asked for this.
    ///
    /// Empty if the app is no node, and before the first heartbeat. A node that has left is not there any more, and one that is
    /// lost for ten minutes either.
    ///
    /// ```
    /// use rocketry::{Rocketry, Session};
    ///
    /// fn tell(session: &Session) {
    ///     for node in session.nodes() {
    ///         let leads = if node.term.is_some() { "leads" } else { "stands by" };
    ///         println!("{} {leads} and makes {} runs; last heard of at {}", node.name, node.runs, node.seen);
    ///     }
    /// }
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// tell(&session);
    /// assert!(session.nodes().is_empty(), "an app without a cluster is no node");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn nodes(&self) -> Vec<NodeInfo> {
        self.seat().map_or_else(Vec::new, Seat::nodes)
    }

    /// Whether the app is a node of a cluster.
    pub fn is_node(&self) -> bool {
        self.seat().is_some()
    }
}
