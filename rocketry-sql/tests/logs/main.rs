//! What the logs of this crate promise, held against files and servers.

#![cfg(any(feature = "postgres", feature = "sqlite"))]

mod clock;
#[cfg(feature = "sqlite")]
mod damage;
#[cfg(feature = "sqlite")]
mod lease;
#[cfg(feature = "sqlite")]
mod migration;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod retention;
mod support;
#[cfg(all(feature = "postgres-tls", unix))]
mod tls;
mod versions;
