//! Several nodes with one app: one leads and decides what runs, all make the runs, and any can take over.
//!
//! Use this crate through `rocketry`: `Rocketry::new().cluster("nats://a:4222,b:4222,c:4222/name").run()` with the feature `nats`, or
//! `Rocketry::new().cluster("postgres://user@host/database").run()` with the feature `postgres`. The module `cluster` of the core says what an app does as a node; this crate decides who leads, and carries calls and runs between the nodes.
//!
//! # How a leader is found
//!
//! The nodes share a [lease](Lease) in a [`Store`], which is changed only by compare-and-set. The leader renews it. Each
//! node has an [`Elector`] on a thread of its own, where no code of the user's runs:
//!
//! - The leader may rely on its lead for three quarters of the lease, counted from when it *sent* its last renewal, by a
//!   monotonic clock. A renewal that is refused, or not answered until then, ends the lead.
//! - A follower takes the lead once it has not seen the lease change for the whole of its length, by its own clock, or at
//!   once if the leader has given it up.
//! - Each new leader has a greater *term*. Each write to the run log carries it, and the log refuses a lower one.
//!
//! So clocks need not agree; it is enough that none runs a third faster than another. And if they do, or if the store
//! itself is wrong, the run log still lets no occurrence start twice: the record of a start
//! [claims](rocketry_core::cluster::claim) it.
//!
//! # For tests
//!
//! [`twin`] has a store and a run log in memory, and a simulation of a whole cluster on manual time, with losses, delays,
//! repetitions, partitions, frozen nodes and clocks that run wrong. [`suite`] tests a store and a log against what a
//! cluster needs.

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
