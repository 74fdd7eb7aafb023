//! Clusters of Rocketry apps: one node leads and decides what runs, all nodes execute runs, and any of them
//! can take over the lead.
//!
//! Use this crate through `rocketry`: `Rocketry::new().cluster("nats://a:4222,b:4222,c:4222/name").run()`
//! with the feature `nats`, or `Rocketry::new().cluster("postgres://user@host/database").run()` with the
//! feature `postgres`. The module `cluster` of the core defines the behaviour of an app as a node; this crate
//! elects the leader, and transports calls and runs between the nodes.
//!
//! # Leader election
//!
//! The nodes share a [lease](Lease) in a [`Store`], which is only changed by compare-and-set. The leader
//! renews it. Each node has an [`Elector`] on its own thread, which never calls user code:
//!
//! - The leader may rely on its lead for three quarters of the lease, counted from when it *sent* its last
//!   renewal, by a monotonic clock. A renewal that is refused, or not answered in that time, ends the lead.
//! - A follower takes the lead once it has not seen the lease change for its whole length, by its own clock,
//!   or immediately if the leader has released it.
//! - Each new leader has a greater *term*. Every write to the run log carries the term, and the log refuses a
//!   lower one.
//!
//! Clocks need not agree; it suffices that no clock runs a third faster than another. Even if one does, or if
//! the store itself fails, the run log ensures that no occurrence starts twice, because the record of a start
//! [claims](rocketry_core::cluster::claim) its occurrence.
//!
//! # Testing
//!
//! [`twin`] contains an in-memory store and run log, and a simulation of a whole cluster on manual time, with
//! losses, delays, duplicates, partitions, frozen nodes and wrong clocks. [`suite`] tests whether a store and
//! a log meet the requirements of a cluster.

mod elector;
mod lease;
#[cfg(feature = "nats")]
mod nats;
mod node;
#[cfg(feature = "postgres")]
mod postgres;
mod pulse;
mod store;
pub mod suite;
pub mod twin;

pub use elector::{Elector, Step};
pub use lease::{Entry, Lease};
#[cfg(feature = "nats")]
pub use nats::{NatsCluster, NatsLog, NatsRelay, NatsStore, NatsWork};
pub use node::Nodes;
#[cfg(feature = "postgres")]
pub use postgres::PostgresCluster;
pub use store::Store;
