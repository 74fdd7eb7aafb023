//! What the logs of this crate promise, held against files and servers.

#![cfg(any(feature = "postgres", feature = "sqlite"))]

mod clock;
#[cfg(feature = "sqlite")]
mod damage;
#[path = "../../../rocketry-core/tests/support/folder.rs"]
mod folder;
#[cfg(feature = "sqlite")]
mod lease;
#[cfg(feature = "sqlite")]
mod migration;
#[cfg(feature = "postgres")]
mod postgres;
#[path = "../../../rocketry-core/tests/support/records.rs"]
mod records;
#[cfg(feature = "sqlite")]
mod retention;
mod runs;
#[cfg(feature = "postgres")]
mod server;
#[path = "../../../rocketry-core/tests/support/successors.rs"]
mod successors;
#[cfg(all(feature = "postgres-tls", unix))]
mod tls;
mod versions;
