//! What keeps a cluster, as the tests see it: they read what the nodes have written.

use std::time::Duration;

use rocketry_core::Action;

/// A record of the run log. Instants are microseconds since 1970.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) place: u64,
    pub(crate) task: String,
    pub(crate) run: String,
    pub(crate) action: Action,
    pub(crate) due: i64,
    pub(crate) start: i64,
    pub(crate) created: i64,
    /// The node that led.
    pub(crate) version: String,
    /// Why a run was started.
    pub(crate) cause: String,
}

/// What keeps a cluster: a schema in PostgreSQL, or streams in NATS.
pub(crate) trait Engine: 'static {
    /// The host and the port of the server, or its socket.
    fn server(&self) -> Server;

    /// The address of the cluster by way of a port of this machine.
    fn address_at_port(&self, port: u16) -> String;

    /// What a node sends when it makes a write for good.
    fn commit(&self) -> Vec<u8>;

    /// Kills the server, and starts it again after a while. Returns `false` if it is not one of the scripts.
    fn kill_server(&mut self, down_for: Duration) -> bool;

    fn leader(&mut self) -> Option<String>;

    /// The names of the nodes, in order.
    fn nodes(&mut self) -> Vec<String>;

    /// The records after a place, in order.
    fn records_after(&mut self, place: u64) -> Vec<Row>;

    /// The calls that were handed in and not withdrawn.
    fn calls(&mut self) -> Vec<String>;

    /// The instances of the nodes that hold runs.
    fn holders(&mut self) -> Vec<String>;

    /// When an app ended last in an orderly way.
    fn ended(&mut self) -> Option<i64>;
}

/// Where a server is.
pub(crate) enum Server {
    Socket(std::path::PathBuf),
    Port(String, u16),
}
