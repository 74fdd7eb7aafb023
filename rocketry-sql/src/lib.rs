//! Durable run logs in SQLite and PostgreSQL.
//!
//! Use this crate through `rocketry` with the features `sqlite` and `postgres`. An address is enough:
//! `Rocketry::new().log("sqlite:app.db")` or `Rocketry::new().log("postgres://user@host/database")`. With the
//! feature `postgres-tls`, connections to PostgreSQL are encrypted as configured in the address.
//!
//! The names of all tables begin with `rocketry_`, so a log can share a database with an app. The view
//! `rocketry_log` shows the records to people and other programs, with the column names of Python's Rocketry:
//! `task_name`, `run_id`, `action`, `created`, `due`, `start`, `end`, `runtime`, `lateness`, `message`,
//! `exit_code`, `exit_signal`, `output`, `params`, `result`, `version`, `cause`, `upstream`.
//!
//! # Guarantees
//!
//! A [`write`](rocketry_core::RunLog::write) is one transaction: all of it is stored when it returns, or
//! nothing. A log belongs to one app at a time; a second app that writes gets an error. Any program may read. A
//! row that is not a valid record, for instance because another program wrote it, is skipped and reported to
//! `tracing`.
//!
//! # Performance
//!
//! A write only inserts rows. Every 10,000 records, or after a burst, the records are added to tallies; a
//! start-up reads these and the few records after them, regardless of the length of the log. The number of a
//! record is also its time, so one order serves both, and a page is found through an index. So is a range of
//! `due` or `start`, which are never far from the number. Conditions without an index (texts, runtime,
//! lateness) filter the records that the other conditions leave.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod access_path;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod conditions;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod drift;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod error;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod find;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod ledger;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod presence;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod retention;
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
#[cfg(all(test, any(feature = "postgres", feature = "sqlite")))]
mod suite_tests;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod tally;

#[cfg(feature = "postgres")]
pub use postgres::{LeaseRow, PostgresLease, PostgresLog, PostgresRelay, PostgresWork};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteLog, Synchronous};
