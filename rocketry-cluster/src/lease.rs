//! The lease that the nodes share.

use std::sync::Arc;

/// The lease: which node leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The number of the lead. Each new leader has a greater one.
    pub term: u64,
    /// The name of the current or last leader.
    pub node: Arc<str>,
    /// The identity of the node, which distinguishes it from others with its name, and from itself before a
    /// restart.
    pub instance: Arc<str>,
    /// Whether the lead is held; `false` once the node has given it up.
    pub is_held: bool,
}

/// A stored lease.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Differs after each write, even if the lease stays the same.
    pub revision: u64,
    /// The lease.
    pub lease: Lease,
}
