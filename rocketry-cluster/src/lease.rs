//! The lease that the nodes share.

use std::sync::Arc;

/// Which node leads, as the nodes have written it down.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The number of the lead; each new leader has a greater one.
    pub term: u64,
    /// The name of the node that leads, or led last.
    pub node: Arc<str>,
    /// What tells the node from others of its name, and from itself before a restart.
    pub instance: Arc<str>,
    /// Whether the node leads; `false` once it has given up the lead.
    pub is_held: bool,
}

/// The lease as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Differs after each change, also after one that leaves the lease as it is.
    pub revision: u64,
    /// The lease.
    pub lease: Lease,
}
