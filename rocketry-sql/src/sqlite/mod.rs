//! Run logs in SQLite files.

mod address;
mod connection;
mod failure;
mod files;
mod guard;
mod insert;
mod lease;
mod log;
mod reader;
mod restore;
mod rollup;
mod rows;
mod synchronous;
mod writer;

pub use log::SqliteLog;
pub use synchronous::Synchronous;

rocketry_core::register_log!("sqlite", address::open, address::open_to_read);
