//! Clusters that are coordinated through a PostgreSQL database.

use std::time::Duration;

use rocketry_core::Result;
use rocketry_core::cluster::{Cluster, HeardNode, Heartbeat, Membership, Relay, Seat, SharedLog, Work};
use rocketry_sql::{LeaseRow, PostgresLease, PostgresLog, PostgresRelay, PostgresWork};

use crate::lease::{Entry, Lease};
use crate::node::Nodes;
use crate::store::Store;

rocketry_core::register_cluster!("postgres", make);
rocketry_core::register_cluster!("postgresql", make);

fn make(address: &str) -> Result<Box<dyn Cluster>> {
    Ok(Box::new(PostgresCluster::new(address)))
}

/// A cluster that is coordinated through a PostgreSQL database. The lease is a row beside the run log, as are
/// the heartbeats of nodes.
///
/// The address is that of a [`PostgresLog`]. Each node has up to eight connections.
#[derive(Clone, Debug)]
pub struct PostgresCluster {
    address: String,
}

impl PostgresCluster {
    /// Creates a cluster for an address. It does not connect yet.
    pub fn new(address: impl Into<String>) -> Self {
        PostgresCluster {
            address: address.into(),
        }
    }

    fn nodes(&self) -> impl Cluster {
        let [of_store, of_log, of_relay, of_work] = [(); 4].map(|()| self.address.clone());
        Nodes::new(
            move || PostgresLease::new(&of_store),
            move || PostgresLog::open_shared(&of_log),
        )
        .relay(move || PostgresRelay::new(&of_relay))
        .work(move || PostgresWork::new(&of_work))
    }
}

impl Cluster for PostgresCluster {
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

impl Store for PostgresLease {
    fn read(&mut self, limit: Duration) -> Result<Option<Entry>> {
        let found = PostgresLease::read(self, limit)?;
        Ok(found.map(|(revision, row)| Entry {
            revision,
            lease: Lease {
                term: row.term,
                node: row.node.into(),
                instance: row.instance.into(),
                is_held: row.is_held,
            },
        }))
    }

    fn put(&mut self, expected: Option<u64>, lease: &Lease, limit: Duration) -> Result<Option<u64>> {
        let row = LeaseRow {
            term: lease.term,
            node: lease.node.to_string(),
            instance: lease.instance.to_string(),
            is_held: lease.is_held,
        };
        PostgresLease::put(self, expected, &row, limit)
    }

    fn beat(&mut self, heartbeat: &Heartbeat, limit: Duration) -> Result<Vec<HeardNode>> {
        PostgresLease::beat(self, heartbeat, limit)
    }

    fn forget(&mut self, instances: &[&str], limit: Duration) -> Result<()> {
        PostgresLease::forget(self, instances, limit)
    }

    fn ask_to_drain(&mut self, instance: &str, limit: Duration) -> Result<bool> {
        PostgresLease::ask_to_drain(self, instance, limit)
    }

    fn wait(&mut self, limit: Duration) -> bool {
        PostgresLease::wait(self, limit)
    }

    fn risks(&mut self, limit: Duration) -> Result<Vec<String>> {
        PostgresLease::risks(self, limit)
    }
}
