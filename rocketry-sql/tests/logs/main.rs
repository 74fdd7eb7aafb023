//! What the logs of this crate promise, held against files.

#![cfg(feature = "sqlite")]

mod damage;
mod lease;
mod migration;
mod retention;
mod support;
