//! Writing: one transaction per write.

use std::path::{Path, PathBuf};

use rocketry_core::Result;
use rocketry_core::log::{Past, Retention, Write};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::files::Files;
use super::insert::insert;
use super::lease::Lease;
use super::restore::{self, Lost};
use super::rollup;
use super::{Synchronous, connection};
use crate::error::Store;
use crate::ledger::Ledger;

/// The size of the WAL in pages at which it is moved to the file: 16 MiB.
const CHECKPOINT: i64 = 4096;
/// How much the WAL grows, in bytes, before it is compared with the free space on the disk.
const GROWTH: u64 = 64 * 1024;
/// The size of the page cache in KiB. Writes to many tasks touch many pages of an index.
const CACHE: i64 = 65_536;
/// More than the number of different statements.
const STATEMENTS: usize = 64;

#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    ledger: Ledger,
    store: Store,
    file: PathBuf,
    files: Files,
    /// The length of the WAL at the last comparison with the free space.
    compared: u64,
    lease: Lease,
}

impl Writer {
    /// Opens a log for writing. An empty log starts with the past of a lost one.
    pub(super) fn open(
        file: &Path,
        synchronous: Synchronous,
        store: &Store,
        lost: Option<&Lost>,
    ) -> Result<Self> {
        let mut connection = connection::open(file, store)?;
        let files = Files::of(file).map_err(|cause| store.fail("opened", &cause.to_string(), cause))?;
        let lease = Lease::take(file, store)?;
        let prepared = prepare(&connection, synchronous)
            .and_then(|()| lost.map_or(Ok(()), |lost| begin_with(&mut connection, lost)))
            .and_then(|()| rollup::read_ledger(&connection));
        let mut writer = Writer {
            connection,
            ledger: prepared.map_err(|cause| store.sqlite("read", cause))?,
            store: store.clone(),
            file: file.to_owned(),
            files,
            compared: 0,
            lease,
        };
        writer.roll_up()?;
        Ok(writer)
    }

    /// Returns whether the log is still in place. Renews the lease.
    pub(super) fn is_in_place(&mut self) -> Result<bool> {
        let are_in_place = self.files.are_in_place();
        let is_in_place =
            are_in_place.map_err(|cause| self.store.fail("written", &cause.to_string(), cause))?;
        if is_in_place {
            self.lease.renew(&self.file, &self.store)?;
        }
        Ok(is_in_place)
    }

    /// Releases a log that is not in place, and returns its past for the log that takes its place. The WAL is emptied
    /// into the log: if only the WAL was deleted, nothing is lost; if only the log was replaced, the new log must not
    /// be opened with the WAL of the old one.
    pub(super) fn lose(mut self) -> Option<Lost> {
        let past = self.load();
        self.checkpoint();
        let last_record = self.ledger.last_record;
        let past = past.ok()?;
        Some(Lost { past, last_record })
    }

    pub(super) fn write(&mut self, write: &Write<'_>) -> Result<()> {
        if write.is_empty() {
            // The files are in place, which is all that an idle app asks. Another program may be writing.
            return Ok(());
        }
        let plan = self.ledger.plan(write.records);
        let highest = self.transact(|transaction, _| {
            let highest = rollup::raise_term(transaction, write.term)?;
            if write.check_term(highest).is_ok() {
                insert(transaction, write, &plan)?;
            }
            Ok(highest)
        })?;
        write.check_term(highest)?;
        self.ledger.note(plan, write.records);
        if self.ledger.is_full(write.records.len()) {
            // The write itself has succeeded. A failed roll-up is retried later.
            let _ = self.roll_up();
        }
        Ok(())
    }

    pub(super) fn load(&mut self) -> Result<Past> {
        self.roll_up()?;
        let past = rollup::read_past(&self.connection);
        past.map_err(|cause| self.store.sqlite("read", cause))
    }

    pub(super) fn forget(&mut self, retention: &Retention) -> Result<u64> {
        self.roll_up()?;
        let count = self.transact(|transaction, ledger| rollup::forget(transaction, ledger, retention))?;
        self.ledger.forgotten(count);
        Ok(count as u64)
    }

    /// Rolls up the records since the last roll-up.
    fn roll_up(&mut self) -> Result<()> {
        if self.ledger.since().records > 0 {
            self.transact(rollup::write)?;
            self.ledger.rolled_up();
            // Until this is done, readers search every block.
            let _ = self.note_presence();
        }
        Ok(())
    }

    /// Notes which blocks contain records of each task, one stretch at a time, so that it never takes long.
    fn note_presence(&mut self) -> Result<()> {
        let next = rollup::next_stretch(&self.connection);
        match next.map_err(|cause| self.store.sqlite("read", cause))? {
            Some(stretch) => self.transact(|transaction, _| rollup::note_presence(transaction, stretch)),
            None => Ok(()),
        }
    }

    /// Runs a transaction. If the disk is full, the WAL is emptied and the transaction is retried once.
    fn transact<T>(&mut self, act: impl Fn(&Transaction<'_>, &Ledger) -> rusqlite::Result<T>) -> Result<T> {
        self.keep_room();
        let mut done = transact(&mut self.connection, |transaction| act(transaction, &self.ledger));
        if done.as_ref().is_err_and(is_about_room) && self.checkpoint() {
            done = transact(&mut self.connection, |transaction| act(transaction, &self.ledger));
        }
        done.map_err(|cause| self.store.sqlite("written", cause))
    }

    /// Empties the WAL while the disk still has room for its contents in the file.
    fn keep_room(&mut self) {
        let journal = self.files.journal_length;
        if journal >= self.compared.saturating_add(GROWTH) {
            self.compared = journal;
            if self
                .files
                .room()
                .is_some_and(|room| room < journal.saturating_mul(2))
            {
                self.checkpoint();
            }
        }
    }

    /// Moves the WAL to the file and truncates it. Returns whether that succeeded.
    fn checkpoint(&mut self) -> bool {
        let moved = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        let is_done = matches!(moved, Ok(0));
        if is_done {
            self.compared = 0;
        }
        is_done
    }
}

/// Runs a transaction.
fn transact<T>(
    connection: &mut Connection,
    act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = act(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

fn is_about_room(cause: &rusqlite::Error) -> bool {
    matches!(
        cause.sqlite_error_code(),
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure)
    )
}

/// Writes the past of a lost log, unless the new one is not empty.
fn begin_with(connection: &mut Connection, lost: &Lost) -> rusqlite::Result<()> {
    if restore::is_empty(connection)? {
        transact(connection, |transaction| restore::write(transaction, lost))?;
    }
    Ok(())
}

fn prepare(connection: &Connection, synchronous: Synchronous) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let level = match synchronous {
        Synchronous::Full => "full",
        Synchronous::Normal => "normal",
    };
    connection.pragma_update(None, "synchronous", level)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    connection.pragma_update(None, "cache_size", -CACHE)
}

#[cfg(test)]
mod tests {
    use rocketry_core::log::{Fact, Write};
    use rocketry_core::{Action, Query, Record, Result, RunId, RunLog, Timestamp};

    use crate::SqliteLog;

    fn starts(numbers: std::ops::Range<u64>) -> Vec<Record> {
        let at = Timestamp::from_micros(1_767_225_600_000_000);
        let start = |number| Record {
            task: format!("task {number}").into(),
            run_id: RunId::Number(number),
            action: Action::Run,
            created: at,
            due: at,
            start: at,
            message: Some("x".repeat(500).into()),
            extra: None,
        };
        numbers.map(start).collect()
    }

    /// Limits the size of the file.
    fn limit(log: &SqliteLog, pages: u32) {
        log.with_writer(|writer| {
            let done = writer.connection.pragma_update(None, "max_page_count", pages);
            done.map_err(|cause| writer.store.sqlite("written", cause))
        })
        .unwrap();
    }

    fn write(log: &SqliteLog, number: u64) -> Result<Vec<Record>> {
        let records = starts(number * 20..number * 20 + 20);
        log.write(&Write {
            records: &records,
            facts: &[Fact {
                key: "key".into(),
                value: Some("1".into()),
            }],
            number: None,
            term: None,
        })?;
        Ok(records)
    }

    #[test]
    fn a_full_log_keeps_what_it_has_and_goes_on_with_more_room() {
        let file = std::env::temp_dir().join(format!("rocketry-sql-full-{}.db", std::process::id()));
        let log = SqliteLog::open(&file).unwrap();
        limit(&log, 60);
        let mut written = Vec::new();
        let mut number = 0;
        let error = loop {
            match write(&log, number) {
                Ok(records) => written.extend(records),
                Err(error) => break error,
            }
            number += 1;
        };
        assert!(
            error.is_log() && error.to_string().contains("there is no room for it"),
            "{error}"
        );
        assert!(!written.is_empty());
        assert!(write(&log, number).is_err());
        assert_eq!(log.query(&Query::new()).unwrap().records, written);

        limit(&log, 1_000_000);
        written.extend(write(&log, number).unwrap());
        assert_eq!(log.query(&Query::new()).unwrap().records, written);
        assert_eq!(log.load().unwrap().tasks.len(), written.len());
        drop(log);
        for suffix in ["", "-wal", "-shm", "-lease"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }
}
