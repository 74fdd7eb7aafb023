//! The HTTP API of a Rocketry app: its routes, its types, the query language of the run log, the control socket and a
//! client.
//!
//! [`router`] contains the routes of an [`Api`]. The command line serves them over a Unix socket, a dashboard
//! over TCP, and a [`client`] calls them. Use this crate through the crate `rocketry`.

mod caller;
pub mod client;
pub mod graph;
mod hub;
pub mod instant;
#[cfg(feature = "openapi")]
mod openapi;
mod page;
mod problem;
pub mod query;
mod reply;
mod routes;
mod server_thread;
mod shape;
mod simulation;
#[cfg(unix)]
pub mod socket;
mod state;
mod types;

pub use caller::Caller;
#[cfg(feature = "openapi")]
pub use openapi::openapi;
pub use page::Page;
pub use problem::{Problem, ProblemKind};
pub use query::LogQuery;
pub use routes::{
    AuditFilter, CheckFilter, CountFilter, ExplainFilter, HoursFilter, LONGEST_STATEMENT, LogFilter,
    NextFilter, OutputFilter, Route, RunFilter, SimulateFilter, TaskFilter, all_routes, guarded_routes,
    router, routes,
};
pub use server_thread::{EndOfServer, ServerThread};
pub use simulation::{Hour, PoolUse, SimulatedRun, Simulation, SkippedStart, Summary, TaskUse};
pub use state::Api;
pub use types::{
    AppInfo, BackfillAnswer, BackfillRequest, Count, Done, EndRequest, ExecutionRequest, MaxRunningRequest,
    NextStart, NextStarts, ParamRequest, PauseRequest, PoolRequest, PriorityRequest, Requested, Run,
    RunRequest, StatementRequest, TimeoutRequest,
};
