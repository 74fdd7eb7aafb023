//! The rows of a write.

use std::sync::LazyLock;

use rocketry_core::Record;
use rocketry_core::log::{Fact, Write};
use rusqlite::Transaction;

use super::reader::run_id_cell;
use super::rows::{CHUNK, Insertion, Values};
use crate::drift;
use crate::ledger::{Numbers, Plan};
use crate::row;

/// The columns in which every record has a value, and those in which few have.
const COLUMNS: [&str; 8] = [
    "id", "block", "task", "run_id", "action", "created", "due", "start",
];
const RARE: [&str; 9] = [
    "message",
    "exit_code",
    "exit_signal",
    "output",
    "params",
    "result",
    "version",
    "cause",
    "upstream",
];

static TASKS: LazyLock<Insertion> = LazyLock::new(|| Insertion::new("rocketry_task", &["id", "name"], ""));
static USUAL: LazyLock<Insertion> = LazyLock::new(|| Insertion::new("rocketry_record", &COLUMNS, ""));
static FULL: LazyLock<Insertion> = LazyLock::new(|| Insertion::new("rocketry_record", &all_columns(), ""));

/// The columns of a record, in the order of [`put_record`].
pub(super) fn all_columns() -> Vec<&'static str> {
    [&COLUMNS[..], &RARE].concat()
}

/// Inserts what a write consists of.
pub(super) fn insert(transaction: &Transaction<'_>, write: &Write<'_>, plan: &Plan) -> rusqlite::Result<()> {
    if let Some(drifts) = plan.drifts {
        transaction
            .prepare_cached(&format!(
                "UPDATE rocketry_state SET ({}) = (?, ?, ?, ?, ?)",
                drift::COLUMNS
            ))?
            .execute(drifts.columns())?;
    }
    TASKS.add(transaction, &plan.new_tasks, |values, (number, name)| {
        values.put(number)?;
        values.put(name)
    })?;
    let mut add_block =
        transaction.prepare_cached("INSERT INTO rocketry_block (id, first) VALUES (?1, ?2)")?;
    for block in &plan.new_blocks {
        add_block.execute(*block)?;
    }
    insert_records(transaction, write.records, plan)?;
    write.facts.iter().try_for_each(|fact| set(transaction, fact))
}

/// Most records have no values in the rare columns, and neighbouring records are usually alike.
fn insert_records(transaction: &Transaction<'_>, records: &[Record], plan: &Plan) -> rusqlite::Result<()> {
    let is_usual = |record: &Record| record.message.is_none() && record.extra.is_none();
    let rows: Vec<_> = plan.records.iter().zip(records).collect();
    for rows in rows.chunks(CHUNK) {
        if rows.iter().all(|(_, record)| is_usual(record)) {
            USUAL.add(transaction, rows, |values, (numbers, record)| {
                bind(values, numbers, record)
            })?;
        } else {
            FULL.add(transaction, rows, |values, (numbers, record)| {
                put_record(values, numbers, record)
            })?;
        }
    }
    Ok(())
}

fn bind(values: &mut Values<'_, '_>, numbers: &Numbers, record: &Record) -> rusqlite::Result<()> {
    values.put(numbers.record)?;
    values.put(numbers.block)?;
    values.put(numbers.task)?;
    values.put(run_id_cell(&record.run_id))?;
    values.put(record.action as u8)?;
    values.put(record.created.as_micros())?;
    values.put(record.due.as_micros())?;
    values.put(record.start.as_micros())
}

/// Binds the values of all columns.
pub(super) fn put_record(
    values: &mut Values<'_, '_>,
    numbers: &Numbers,
    record: &Record,
) -> rusqlite::Result<()> {
    bind(values, numbers, record)?;
    bind_rare(values, record)
}

fn bind_rare(values: &mut Values<'_, '_>, record: &Record) -> rusqlite::Result<()> {
    let (exit_code, exit_signal) = row::exit(record);
    values.put(record.message.as_deref())?;
    values.put(exit_code)?;
    values.put(exit_signal)?;
    values.put(record.process().map(|process| &*process.output))?;
    values.put(record.params())?;
    values.put(record.result())?;
    values.put(record.version())?;
    values.put(row::cause(record))?;
    values.put(record.upstream_json())
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
