//! The store of the lease and of heartbeats.

use std::time::Duration;

use rocketry_core::Result;
use rocketry_core::cluster::{HeardNode, Heartbeat};

use crate::lease::{Entry, Lease};

/// Stores the lease of a cluster, and the heartbeats of its nodes.
/// [`suite::hold_store`](crate::suite::hold_store) tests an implementation.
///
/// Each call returns within its limit. It fails if there is no response by then.
pub trait Store: Send + 'static {
    /// Reads the lease. Returns `None` if there has never been one. The result is never older than the call.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    fn read(&mut self, limit: Duration) -> Result<Option<Entry>>;

    /// Replaces the lease that has the expected revision; with `None`, creates the first lease. Returns the
    /// new revision, or `None` if the lease has changed.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time. The lease may then have been replaced, or may still
    /// be, as long as the expected revision is current.
    fn put(&mut self, expected: Option<u64>, lease: &Lease, limit: Duration) -> Result<Option<u64>>;

    /// Writes the heartbeat of a node, replacing its previous one, and reads the heartbeats of all nodes,
    /// including this one. The heartbeats of other nodes are never older than the call. Nodes that were
    /// [asked to drain](Self::ask_to_drain) keep that mark.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    fn beat(&mut self, heartbeat: &Heartbeat, limit: Duration) -> Result<Vec<HeardNode>>;

    /// Forgets nodes, given their instances. A node that still exists is known again with its next heartbeat.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    fn forget(&mut self, instances: &[&str], limit: Duration) -> Result<()>;

    /// Asks a node to drain, given its instance. Returns whether there is such a node.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time. The node may have been asked, or may still be.
    fn ask_to_drain(&mut self, instance: &str, limit: Duration) -> Result<bool>;

    /// Waits until the lease may have been released, or until the time limit. Returns whether it may have
    /// been released; the lease is then read immediately.
    fn wait(&mut self, limit: Duration) -> bool {
        std::thread::sleep(limit);
        false
    }

    /// Returns the risks in the settings of the servers, a sentence each.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    fn risks(&mut self, limit: Duration) -> Result<Vec<String>> {
        let _ = limit;
        Ok(Vec::new())
    }
}
