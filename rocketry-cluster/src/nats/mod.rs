//! Clusters that are coordinated through NATS JetStream.

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

/// A cluster that is coordinated through NATS JetStream.
///
/// An address contains the servers and the name of the app: `nats://a:4222,b:4222,c:4222/billing`. All
/// servers need NATS 2.12.1 or newer with JetStream. Credentials precede the servers, percent-encoded if they
/// contain special characters: `nats://user:password@a/billing`. Connections are encrypted if the servers
/// require it. The options, after a question mark and separated by `&`, are
///
/// - `replicas`: the number of servers that store each write, 1, 3 or 5; by default 3 if three servers are
///   given, and 1 otherwise. It takes effect when the streams are created.
/// - `sync_interval=always`: declares that the servers have this setting in their configuration, which a
///   client can't read. Without it, the app reports in [`failures`](rocketry_core::Session::failures) what a
///   power loss may cost.
///
/// Each node builds an in-memory index of the run log when it starts. An app with many runs should limit the
/// number of records: see [`Config::log_keep_records`](rocketry_core::Config::log_keep_records).
///
/// The app has four streams, whose names begin with its own: the run log, the calls, the runs, and the lease
/// with the nodes. Each node has two connections.
pub struct NatsCluster {
    address: Address,
    /// The connection for everything except the lease, which must not wait for other requests.
    link: Link,
    calls: Arc<Replica<Calls>>,
    table: Arc<Replica<Table>>,
}

impl NatsCluster {
    /// Creates a cluster for an address. It does not connect yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
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
