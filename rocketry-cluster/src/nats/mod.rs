//! Clusters whose nodes meet in NATS JetStream.

mod address;
mod api;
mod append;
mod calls;
mod deadline;
mod failure;
mod index;
mod link;
mod log;
mod record;
mod relay;
mod replica;
mod risks;
mod rows;
mod runtime;
mod store;
mod stream;
mod table;
mod watch;
mod work;

use std::sync::Arc;

use rocketry_core::Result;
use rocketry_core::cluster::{Cluster, Membership, Relay, Seat, SharedLog, Work};

pub use self::log::NatsLog;
pub use self::relay::NatsRelay;
pub use self::store::NatsStore;
pub use self::work::NatsWork;

use self::address::Address;
use self::calls::Calls;
use self::link::Link;
use self::replica::Replica;
use self::table::Table;
use crate::node::Nodes;

rocketry_core::register_cluster!("nats", make);

fn make(address: &str) -> Result<Box<dyn Cluster>> {
    Ok(Box::new(NatsCluster::new(address)?))
}

/// A cluster whose nodes meet in NATS JetStream.
///
/// An address names the servers, and the app on them: `nats://a:4222,b:4222,c:4222/billing`. All of them need NATS 2.12.1 or
/// newer with JetStream. A user and a password come before the servers, with `%` for special characters:
/// `nats://user:password@a/billing`. Connections are encrypted if the servers ask for it. The options, after a question mark and
/// with `&` between them, are
///
/// - `replicas`: how many servers keep what is written, 1, 3 or 5; by default 3 where three servers are named, and 1 otherwise.
///   It counts when the streams are made.
/// - `sync_interval=always`: that the servers have this in their files. A client can't see it; without it the app tells
///   in [`failures`](rocketry_core::Session::failures) what a loss of power may cost.
///
/// Each node makes an index of the run log when it starts, and keeps it in memory. An app with many runs says how many records are
/// kept: see [`Config::log_keep_records`](rocketry_core::Config::log_keep_records).
///
/// The app has four streams, whose names begin with its own: the run log, calls, work, and the lease with the nodes. Each node has
/// two connections.
pub struct NatsCluster {
    address: Address,
    /// The connection for all but the lease, which waits for nothing else.
    link: Link,
    calls: Arc<Replica<Calls>>,
    table: Arc<Replica<Table>>,
}

impl NatsCluster {
    /// Names the cluster at an address. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// Fails if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        let address = Address::read(address)?;
        let link = Link::new(address.clone());
        Ok(NatsCluster {
            calls: relay::replica(link.clone()),
            table: work::replica(link.clone()),
            address,
            link,
        })
    }

    fn nodes(&self) -> impl Cluster {
        let (of_store, of_log) = (self.address.clone(), self.link.clone());
        let (calls, table) = (self.calls.clone(), self.table.clone());
        Nodes::new(
            move || Ok(NatsStore::of(of_store.clone())),
            move || NatsLog::of(of_log.clone()),
        )
        .relay(move || Ok(NatsRelay::of(calls.clone())))
        .work(move || Ok(NatsWork::of(table.clone())))
    }
}

impl Cluster for NatsCluster {
    fn open_log(&self) -> Result<Box<dyn SharedLog>> {
        self.nodes().open_log()
    }

    fn join(&self, seat: Seat) -> Result<Box<dyn Membership>> {
        self.nodes().join(seat)
    }

    fn open_relay(&self) -> Result<Option<Box<dyn Relay>>> {
        self.nodes().open_relay()
    }

    fn open_work(&self) -> Result<Option<Box<dyn Work>>> {
        self.nodes().open_work()
    }
}
