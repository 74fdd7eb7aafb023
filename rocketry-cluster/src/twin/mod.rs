//! An in-memory cluster for tests: a store, a run log, and a simulation with faults on manual time.

mod clock;
mod handle;
mod log;
#[cfg(test)]
mod model;
mod network;
mod relay;
mod server;
mod sim_node;
mod store;
mod work;
mod world;

pub use handle::RelayFaults;
pub use log::TwinLog;
pub use relay::TwinRelay;
pub use store::TwinStore;
pub use work::TwinWork;
pub use world::{Faults, Report, World};
