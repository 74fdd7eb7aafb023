//! Connections, and the upgrade of the schema.

use std::path::Path;
use std::time::Duration;

use rocketry_core::Result;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior};

use crate::error::Store;
use crate::schema::{Versioned, migrate};

/// How long to wait for another program that is writing. The core retries after that.
const PATIENCE: Duration = Duration::from_secs(1);

/// The steps of the schema. A released step never changes.
const STEPS: &[&str] = &[include_str!("v1.sql")];

/// Opens the file and upgrades its schema.
pub(super) fn open(file: &Path, store: &Store) -> Result<Connection> {
    let mut connection = connect(file).map_err(|cause| store.sqlite_open(&cause))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred);
    let transaction = transaction.map_err(|cause| store.sqlite_open(&cause))?;
    let mut tables = Tables {
        connection: &transaction,
        store,
    };
    // Without a pending upgrade, nothing is locked.
    let version = tables
        .version()?
        .and_then(|version| usize::try_from(version).ok());
    drop(transaction);
    if version != Some(STEPS.len()) {
        upgrade(&mut connection, store)?;
    }
    Ok(connection)
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    Ok(connection)
}

fn upgrade(connection: &mut Connection, store: &Store) -> Result<()> {
    let fail = |cause| store.sqlite_open(&cause);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(fail)?;
    let mut tables = Tables {
        connection: &transaction,
        store,
    };
    migrate(&mut tables, STEPS, store)?;
    transaction.commit().map_err(fail)
}

struct Tables<'a> {
    connection: &'a Connection,
    store: &'a Store,
}

impl Tables<'_> {
    fn read_version(&self) -> rusqlite::Result<Option<u32>> {
        const FIND: &str = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'rocketry_state'";
        let exists = self.connection.query_row(FIND, [], |_| Ok(())).optional()?;
        let read = |()| {
            const READ: &str = "SELECT version FROM rocketry_state";
            self.connection.query_row(READ, [], |row| row.get(0))
        };
        exists.map(read).transpose()
    }
}

impl Versioned for Tables<'_> {
    fn version(&mut self) -> Result<Option<u32>> {
        self.read_version()
            .map_err(|cause| self.store.sqlite_open(&cause))
    }

    fn step(&mut self, script: &str) -> Result<()> {
        let done = self.connection.execute_batch(script);
        done.map_err(|cause| self.store.sqlite_open(&cause))
    }
}
