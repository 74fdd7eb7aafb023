//! Writing: one transaction a write.

use std::path::Path;

use rocketry_core::log::{Fact, Past, Retention, Write};
use rocketry_core::{Record, Result};
use rusqlite::{CachedStatement, Connection, Statement, Transaction, TransactionBehavior};

use super::fold;
use super::lease::Lease;
use super::reader::run_id_cell;
use super::{Synchronous, connection};
use crate::error::Store;
use crate::ledger::{Ledger, Plan};
use crate::row;

/// How many records are added by one statement.
const ROWS: usize = 16;
/// The columns that every record has a value in, and those that few have.
const COLUMNS: [&str; 8] = [
    "id", "block", "task", "run_id", "action", "created", "due", "start",
];
const RARE: [&str; 7] = [
    "message",
    "exit_code",
    "exit_signal",
    "output",
    "params",
    "result",
    "version",
];

/// How much of the file's journal, in pages, is gathered before it is moved into the file: 16 MiB.
const CHECKPOINT: i64 = 4096;
/// How much of the file is kept in memory, in KiB. Writes to many tasks touch many places of an index.
const CACHE: i64 = 65_536;

#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    ledger: Ledger,
    store: Store,
    _lease: Lease,
}

impl Writer {
    pub(super) fn open(file: &Path, synchronous: Synchronous, store: &Store) -> Result<Self> {
        let lease = Lease::take(file, store)?;
        let connection = connection::open(file, store)?;
        let prepared = prepare(&connection, synchronous).and_then(|()| fold::read_ledger(&connection));
        let mut writer = Writer {
            connection,
            ledger: prepared.map_err(|cause| store.sqlite("read", cause))?,
            store: store.clone(),
            _lease: lease,
        };
        writer.fold()?;
        Ok(writer)
    }

    pub(super) fn write(&mut self, write: &Write<'_>) -> Result<()> {
        let plan = self.ledger.plan(write.records);
        self.transact(|transaction, _| insert(transaction, write, &plan))?;
        self.ledger.note(plan, write.records);
        if self.ledger.is_full(write.records.len()) {
            // What was to be written is written. If the tallies can't be now, they will be later.
            let _ = self.fold();
        }
        Ok(())
    }

    pub(super) fn load(&mut self) -> Result<Past> {
        self.fold()?;
        let past = fold::read_past(&self.connection);
        past.map_err(|cause| self.store.sqlite("read", cause))
    }

    pub(super) fn forget(&mut self, retention: &Retention) -> Result<u64> {
        self.fold()?;
        let count = self.transact(|transaction, ledger| fold::forget(transaction, ledger, retention))?;
        self.ledger.forgotten(count);
        Ok(count as u64)
    }

    /// Brings the tallies up to date.
    fn fold(&mut self) -> Result<()> {
        if self.ledger.since().records > 0 {
            self.transact(fold::write)?;
            self.ledger.folded();
            // Until that is done, readers look into each block.
            let _ = self.survey();
        }
        Ok(())
    }

    /// Notes where the records of each task are, for one stretch at a time, so that nobody waits for long.
    fn survey(&mut self) -> Result<()> {
        let next = fold::next_stretch(&self.connection);
        match next.map_err(|cause| self.store.sqlite("read", cause))? {
            Some(stretch) => self.transact(|transaction, _| fold::survey(transaction, stretch)),
            None => Ok(()),
        }
    }

    /// Does something as a whole or not at all.
    fn transact<T>(
        &mut self,
        act: impl FnOnce(&Transaction<'_>, &Ledger) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let begun = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate);
        let done = begun.and_then(|transaction| {
            let done = act(&transaction, &self.ledger)?;
            transaction.commit()?;
            Ok(done)
        });
        done.map_err(|cause| self.store.sqlite("written", cause))
    }
}

fn prepare(connection: &Connection, synchronous: Synchronous) -> rusqlite::Result<()> {
    let level = match synchronous {
        Synchronous::Full => "full",
        Synchronous::Normal => "normal",
    };
    connection.pragma_update(None, "synchronous", level)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    connection.pragma_update(None, "cache_size", -CACHE)
}

fn insert(transaction: &Transaction<'_>, write: &Write<'_>, plan: &Plan) -> rusqlite::Result<()> {
    if let Some(skew) = plan.skew {
        transaction
            .prepare_cached("UPDATE rocketry_state SET skew = ?1")?
            .execute([skew])?;
    }
    let mut add_task = transaction.prepare_cached("INSERT INTO rocketry_task (id, name) VALUES (?1, ?2)")?;
    for (number, name) in &plan.new_tasks {
        add_task.execute((number, name))?;
    }
    let mut add_block =
        transaction.prepare_cached("INSERT INTO rocketry_block (id, first) VALUES (?1, ?2)")?;
    for block in &plan.new_blocks {
        add_block.execute(*block)?;
    }
    insert_records(transaction, write.records, plan)?;
    write.facts.iter().try_for_each(|fact| set(transaction, fact))
}

fn insert_records(transaction: &Transaction<'_>, records: &[Record], plan: &Plan) -> rusqlite::Result<()> {
    let numbers = plan.records.iter().zip(&plan.blocks).zip(&plan.tasks);
    let rows: Vec<_> = numbers
        .zip(records)
        .map(|(((id, block), task), record)| ([*id, *block, *task], record))
        .collect();
    let mut chunks = rows.chunks_exact(ROWS);
    if chunks.len() > 0 {
        let mut many = Insertion::new(transaction, ROWS)?;
        chunks.by_ref().try_for_each(|rows| many.insert(rows))?;
    }
    let mut one = Insertion::new(transaction, 1)?;
    let mut rest = chunks.remainder().chunks(1);
    rest.try_for_each(|row| one.insert(row))
}

/// Statements that insert so many rows: most rows have no values in the rare columns.
struct Insertion<'t> {
    plain: CachedStatement<'t>,
    full: CachedStatement<'t>,
}

impl<'t> Insertion<'t> {
    fn new(transaction: &'t Transaction<'_>, rows: usize) -> rusqlite::Result<Self> {
        Ok(Insertion {
            plain: transaction.prepare_cached(&insertion(rows, &[]))?,
            full: transaction.prepare_cached(&insertion(rows, &RARE))?,
        })
    }

    fn insert(&mut self, rows: &[([i64; 3], &Record)]) -> rusqlite::Result<()> {
        let is_plain = |record: &Record| record.message.is_none() && record.extra.is_none();
        if rows.iter().all(|(_, record)| is_plain(record)) {
            for (index, (numbers, record)) in rows.iter().enumerate() {
                bind(&mut self.plain, index * COLUMNS.len(), *numbers, record)?;
            }
            return self.plain.raw_execute().map(drop);
        }
        for (index, (numbers, record)) in rows.iter().enumerate() {
            let offset = index * (COLUMNS.len() + RARE.len());
            bind(&mut self.full, offset, *numbers, record)?;
            bind_rare(&mut self.full, offset + COLUMNS.len(), record)?;
        }
        self.full.raw_execute().map(drop)
    }
}

fn insertion(rows: usize, rare: &[&str]) -> String {
    let columns = [&COLUMNS[..], rare].concat();
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    let rows = vec![row; rows].join(",");
    format!(
        "INSERT INTO rocketry_record ({}) VALUES {rows}",
        columns.join(", ")
    )
}

fn bind(
    statement: &mut Statement<'_>,
    offset: usize,
    [id, block, task]: [i64; 3],
    record: &Record,
) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(offset + 1, id)?;
    statement.raw_bind_parameter(offset + 2, block)?;
    statement.raw_bind_parameter(offset + 3, task)?;
    statement.raw_bind_parameter(offset + 4, run_id_cell(&record.run_id))?;
    statement.raw_bind_parameter(offset + 5, record.action as u8)?;
    statement.raw_bind_parameter(offset + 6, record.created.as_micros())?;
    statement.raw_bind_parameter(offset + 7, record.due.as_micros())?;
    statement.raw_bind_parameter(offset + 8, record.start.as_micros())
}

fn bind_rare(statement: &mut Statement<'_>, offset: usize, record: &Record) -> rusqlite::Result<()> {
    let (exit_code, exit_signal) = row::exit(record);
    let output = record.process().map(|process| &*process.output);
    statement.raw_bind_parameter(offset + 1, record.message.as_deref())?;
    statement.raw_bind_parameter(offset + 2, exit_code)?;
    statement.raw_bind_parameter(offset + 3, exit_signal)?;
    statement.raw_bind_parameter(offset + 4, output)?;
    statement.raw_bind_parameter(offset + 5, record.params())?;
    statement.raw_bind_parameter(offset + 6, record.result())?;
    statement.raw_bind_parameter(offset + 7, record.version())
}

fn set(transaction: &Transaction<'_>, fact: &Fact) -> rusqlite::Result<()> {
    const SET: &str = "INSERT INTO rocketry_fact (key, value) VALUES (?1, ?2) \
                       ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    match &fact.value {
        Some(value) => transaction.prepare_cached(SET)?.execute((&fact.key, value))?,
        None => transaction
            .prepare_cached("DELETE FROM rocketry_fact WHERE key = ?1")?
            .execute([&fact.key])?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use rocketry_core::log::{Fact, Write};
    use rocketry_core::{Action, Query, Record, RunId, RunLog, Timestamp};

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

    #[test]
    fn a_full_log_keeps_what_it_has_and_goes_on_with_more_room() {
        let file = std::env::temp_dir().join(format!("rocketry-sql-full-{}.db", std::process::id()));
        let log = SqliteLog::open(&file).unwrap();
        let limit = |pages: u32| {
            log.with_writer(|writer| {
                let done = writer.connection.pragma_update(None, "max_page_count", pages);
                done.map_err(|cause| writer.store.sqlite("written", cause))
            })
            .unwrap();
        };
        limit(60);
        let fact = [Fact {
            key: "key".into(),
            value: Some("1".into()),
        }];
        let write = |number: u64| {
            let records = starts(number * 20..number * 20 + 20);
            let facts = &fact;
            log.write(&Write {
                records: &records,
                facts,
                number: None,
            })
            .map(|()| records)
        };
        let mut written = Vec::new();
        let mut number = 0;
        let error = loop {
            match write(number) {
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
        assert!(write(number).is_err());
        assert_eq!(log.query(&Query::new()).unwrap().records, written);

        limit(1_000_000);
        written.extend(write(number).unwrap());
        assert_eq!(log.query(&Query::new()).unwrap().records, written);
        assert_eq!(log.load().unwrap().tasks.len(), written.len());
        drop(log);
        for suffix in ["", "-wal", "-shm", "-lease"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }
}
