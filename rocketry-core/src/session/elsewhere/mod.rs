//! Runs in other processes: how a run is described to one, and how the leader of a cluster hands runs over to all nodes.
//!
//! The leader records the start of a run before it hands it over, and keeps it as under way. A node takes it, makes it and
//! reports its end, which the leader records. Two threads carry this on each node.

mod assignment;
mod compose;
mod handing;
mod hands;
mod incoming;
mod message;
mod opening;
mod outgoing;
mod table;

pub(crate) use assignment::{AssignedHost, AssignedRun, Assignment};
#[cfg(unix)]
pub(crate) use compose::request;
pub(crate) use compose::request_elsewhere;
pub(super) use handing::OpenRuns;
pub(crate) use hands::Hands;
pub(crate) use message::{Given, Request};
pub(crate) use table::{Fate, WorkTable, key_of};
