//! Run logs in SQLite and PostgreSQL: what has happened outlives the app.
//!
//! Use them through the crate `rocketry`, whose features `sqlite` and `postgres` bring them along. An address is enough:
//! `Rocketry::new().log("sqlite:app.db")`, `Rocketry::new().log("postgres://user@host/database")`. With the feature
//! `postgres-tls`, the connection to PostgreSQL is encrypted as the address says.
//!
//! The names of the tables begin with `rocketry_`, so that a log may live in an app's own database. The view
//! `rocketry_log` shows the records for people and other programs, with the names of Rocketry: `task_name`,
//! `run_id`, `action`, `created`, `due`, `start`, `end`, `runtime`, `lateness`, `message`, `exit_code`,
//! `exit_signal`, `output`, `params`, `result`, `version`.
//!
//! # What is promised
//!
//! A [`write`](rocketry_core::RunLog::write) is one transaction: all of it is kept when it returns, or nothing. A
//! log belongs to one app at a time; a second one that would write gets an error. Anybody may read. A row that is no
//! record, because somebody else wrote it, is passed over and told to `tracing`.
//!
//! # How it stays fast
//!
//! A write only adds rows. Every 10,000 records (or after a burst), what they come to is added to the tallies; a
//! start-up reads those and the few records since, however long the log is. The number of a record is also its time,
//! so one order serves both, and a page is found through an index; so is a range of `due` or `start`, which are never far from
//! it. What no index knows (texts, the runtime, the lateness) is looked for among the records that the other questions leave.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod conditions;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod drift;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod error;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod find;
#[cfg(all(test, any(feature = "postgres", feature = "sqlite")))]
mod law;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod ledger;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod oldest;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod row;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod schema;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod select;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod statement;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod survey;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod tally;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod way;

#[cfg(feature = "postgres")]
pub use postgres::PostgresLog;
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteLog, Synchronous};
