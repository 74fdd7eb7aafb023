//! Notifications of apps on manual time, and their way to the channels.

mod check_ins;
mod delivery;
#[cfg(feature = "email")]
mod email;
mod failing;
mod late;
mod mistakes;
mod others;
mod server;
mod support;
mod webhook;
