//! What the logs of this crate promise, held against files and servers.

#![cfg(any(feature = "postgres", feature = "sqlite"))]

mod clock;
#[cfg(feature = "sqlite")]
mod damage;
#[cfg(all(feature = "sqlite", unix))]
#[path = "../../../rocketry-core/tests/support/deleted.rs"]
mod deleted;
#[path = "../../../rocketry-core/tests/support/folder.rs"]
mod folder;
#[cfg(feature = "sqlite")]
mod lease;
#[cfg(feature = "sqlite")]
mod locked;
#[cfg(feature = "sqlite")]
mod migration;
#[path = "../../../rocketry-core/tests/support/odd_names.rs"]
mod odd_names;
#[cfg(feature = "postgres")]
mod postgres;
#[path = "../../../rocketry-core/tests/support/records.rs"]
mod records;
#[cfg(all(feature = "sqlite", unix))]
mod replaced;
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
