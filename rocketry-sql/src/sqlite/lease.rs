//! The right to write, which one app has at a time.

use std::path::Path;

use rocketry_core::{Error, Result};
use rusqlite::{Connection, ErrorCode};

use super::files::{Identity, beside, identity};
use super::guard::{Guard, PATIENCE};
use crate::error::Store;

/// The right to write: a lock on an empty file beside the log. The system releases it when the process ends,
/// however it ends.
///
/// A lock of SQLite on the log itself would shut out readers. The empty file is a separate SQLite database, so
/// the lock works wherever the log does. Deleting that file would make the lock worthless; the guard is
/// therefore a second lock on the log itself, on systems that support it.
#[derive(Debug)]
pub(super) struct Lease {
    _guard: Guard,
    lock: Lock,
}

#[derive(Debug)]
struct Lock {
    _connection: Connection,
    identity: Option<Identity>,
}

impl Lease {
    /// Takes the right to write to an existing log.
    pub(super) fn take(log: &Path, store: &Store) -> Result<Self> {
        let guard = Guard::take(log).map_err(|cause| store.fail("written", &cause.to_string(), cause))?;
        let guard = guard.ok_or_else(|| taken(store, "the log is locked"))?;
        let lock = Lock::take(log, store)?;
        Ok(Lease { _guard: guard, lock })
    }

    /// Recreates the empty file if it was deleted.
    pub(super) fn renew(&mut self, log: &Path, store: &Store) -> Result<()> {
        let there = identity(&beside(log, "-lease")).ok().flatten();
        if there.is_none() || there != self.lock.identity {
            self.lock = Lock::take(log, store)?;
            tracing::warn!("the lease beside the run log `{store}` was deleted, and is recreated");
        }
        Ok(())
    }
}

impl Lock {
    fn take(log: &Path, store: &Store) -> Result<Self> {
        let path = beside(log, "-lease");
        let lock = Connection::open(&path).and_then(|lock| {
            lock.busy_timeout(PATIENCE)?;
            lock.execute_batch("BEGIN EXCLUSIVE")?;
            Ok(lock)
        });
        match lock {
            Ok(connection) => Ok(Lock {
                _connection: connection,
                identity: identity(&path).ok().flatten(),
            }),
            Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                Err(taken(store, cause))
            }
            Err(cause) => Err(store.sqlite("written", cause)),
        }
    }
}

fn taken(store: &Store, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    store.fail(
        "written",
        "another app that is running has it. A log belongs to one app, or one process of it, at a time; \
         anybody may read it",
        cause,
    )
}
