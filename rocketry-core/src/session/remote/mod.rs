//! Runs in other processes: how a run is described for another process, and how the leader of a cluster hands
//! over runs to nodes.
//!
//! The leader records the start of a run before it hands the run over, and tracks it as in progress. A node
//! takes the run, executes it and reports its end, which the leader records. Each node uses two threads for
//! this.

mod assignment;
mod compose;
mod functions;
mod handing;
mod incoming;
mod message;
mod outgoing;
mod table;
mod table_start;

pub(crate) use assignment::{AssignedHost, AssignedRun, Assignment};
#[cfg(unix)]
pub(crate) use compose::request;
pub(crate) use compose::request_elsewhere;
pub(crate) use functions::RunFunctions;
pub(super) use handing::OpenRuns;
pub(crate) use message::{Given, Request};
pub(crate) use table::{Fate, WorkTable, key_of};
