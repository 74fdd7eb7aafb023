//! Which app may write.

use std::path::Path;
use std::time::Duration;

use rocketry_core::Result;
use rusqlite::{Connection, ErrorCode};

use crate::error::Store;

/// How long an app waits for another one that is about to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// The right to write: a lock on an empty file beside the log, which the system lets go of when the process ends,
/// however it ends.
///
/// The log itself can't be locked like that, because readers would be shut out. That the lock is SQLite's own, on what is
/// another database to it, makes it work wherever the log does.
#[derive(Debug)]
pub(super) struct Lease {
    _lock: Connection,
}

impl Lease {
    pub(super) fn take(file: &Path, store: &Store) -> Result<Self> {
        let mut beside = file.as_os_str().to_owned();
        beside.push("-lease");
        let lock = Connection::open(beside).and_then(|lock| {
            lock.busy_timeout(PATIENCE)?;
            lock.execute_batch("BEGIN EXCLUSIVE")?;
            Ok(lock)
        });
        match lock {
            Ok(lock) => Ok(Lease { _lock: lock }),
            Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Err(store.fail(
                "written",
                "another app that is running has it. A log belongs to one app, or one process of it, at a time; \
                 anybody may read it",
                cause,
            )),
            Err(cause) => Err(store.sqlite("written", cause)),
        }
    }
}
