//! The API of apps on manual time, and the control socket.

#[cfg(unix)]
mod actions;
mod changes;
mod fuzz;
mod log;
#[cfg(feature = "openapi")]
mod openapi;
mod pausing;
mod simulate;
#[cfg(unix)]
mod socket;
mod support;
mod tasks;
mod traces;
