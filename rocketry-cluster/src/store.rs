//! Where the lease is kept, and what nodes tell of themselves.

use std::time::Duration;

use rocketry_core::Result;
use rocketry_core::cluster::{HeardNode, Heartbeat};

use crate::lease::{Entry, Lease};

/// Keeps the lease of a cluster, and what its nodes tell of themselves. [`suite::hold_store`](crate::suite::hold_store) tests an implementation.
///
/// Each call returns within its limit, and fails if there is no answer by then.
pub trait Store: Send + 'static {
    /// Reads the lease; `None` if there has never been one. The answer is never older than the call.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn read(&mut self, limit: Duration) -> Result<Option<Entry>>;

    /// Puts a lease in the place of the one with the expected revision; with `None`, in a place where there has never been
    /// one. Returns the new revision, or `None` if the lease has changed.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. The lease may then have been put, or may still be, as long as the expected revision
    /// holds.
    fn put(&mut self, expected: Option<u64>, lease: &Lease, limit: Duration) -> Result<Option<u64>>;

    /// Writes what a node tells of itself, in place of what it told before, and reads what all nodes have told, this one included.
    /// What is read of other nodes is never older than the call. Nodes that were [asked to drain](Self::ask_to_drain) stay so.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn beat(&mut self, heartbeat: &Heartbeat, limit: Duration) -> Result<Vec<HeardNode>>;

    /// Forgets nodes, by their instances. One that is there after all is known again with its next heartbeat.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn forget(&mut self, instances: &[&str], limit: Duration) -> Result<()>;

    /// Asks a node to drain, by its instance; returns whether there is one.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. The node may have been asked, or may be later.
    fn ask_to_drain(&mut self, instance: &str, limit: Duration) -> Result<bool>;

    /// Waits until the lease may have been given up, or the time is up. Returns whether it may have been given up: then it
    /// is read at once.
    fn wait(&mut self, limit: Duration) -> bool {
        std::thread::sleep(limit);
        false
    }

    /// What the settings of the servers put at risk, a sentence each.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn risks(&mut self, limit: Duration) -> Result<Vec<String>> {
        let _ = limit;
        Ok(Vec::new())
    }
}
