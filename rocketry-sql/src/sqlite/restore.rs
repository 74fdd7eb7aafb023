//! Carries the past of an app over to a new log after its log was lost.

use rocketry_core::Record;
use rocketry_core::log::{Past, TaskPast};
use rusqlite::{Connection, Transaction};

use super::insert::{all_columns, put_record};
use super::rows::Insertion;
use crate::ledger::Numbers;
use crate::tally;

/// What was known when the log was lost.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) past: Past,
    /// The number of the last record.
    pub(super) last_record: i64,
}

/// Returns whether a log is empty.
pub(super) fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM rocketry_task) \
                            AND NOT EXISTS (SELECT 1 FROM rocketry_fact)";
    connection.query_row(IS_EMPTY, [], |row| row.get(0))
}

/// Writes the past to an empty log: everything but the records.
pub(super) fn write(transaction: &Transaction<'_>, lost: &Lost) -> rusqlite::Result<()> {
    let Lost { past, last_record } = lost;
    let mut add_task = transaction.prepare("INSERT INTO rocketry_task (id, name) VALUES (?1, ?2)")?;
    let mut tallies = Vec::new();
    let mut open: Vec<(i64, &Record)> = Vec::new();
    for (number, (name, task)) in (1..).zip(&past.tasks) {
        add_task.execute((number, name))?;
        tallies.push((number, task));
        open.extend(task.open.iter().map(|start| (number, start)));
    }
    let add_tallies = Insertion::new("rocketry_tally", &tally::COLUMNS, "");
    add_tallies.add(
        transaction,
        &tallies,
        |values, (number, task): &(i64, &TaskPast)| {
            let columns = tally::columns_of(*number, task);
            columns.iter().try_for_each(|value| values.put(value))
        },
    )?;
    keep_open(transaction, open)?;
    let mut add_fact = transaction.prepare("INSERT INTO rocketry_fact (key, value) VALUES (?1, ?2)")?;
    for fact in &past.facts {
        add_fact.execute(fact)?;
    }
    let last_run = past.last_run.map(u64::cast_signed);
    let term = i64::try_from(past.term).unwrap_or(i64::MAX);
    transaction.execute(
        "UPDATE rocketry_state SET rolled_up = ?1, last_run = ?2, term = ?3",
        (last_record, last_run, term),
    )?;
    Ok(())
}

/// Stores the starts of open runs, with new numbers in the order of their times.
fn keep_open(transaction: &Transaction<'_>, mut open: Vec<(i64, &Record)>) -> rusqlite::Result<()> {
    open.sort_by_key(|(_, start)| start.created);
    let mut last = i64::MIN;
    let numbered = open.into_iter().map(|(task, start)| {
        last = start.created.as_micros().max(last.saturating_add(1));
        let (record, block) = (last, 0);
        (Numbers { record, block, task }, start)
    });
    let numbered: Vec<_> = numbered.collect();
    let keep = Insertion::new("rocketry_kept", &all_columns(), "");
    keep.add(transaction, &numbered, |values, (numbers, start)| {
        put_record(values, numbers, start)
    })?;
    let mut note = transaction.prepare("INSERT INTO rocketry_open_run VALUES (?1)")?;
    for (numbers, _) in numbered {
        note.execute([numbers.record])?;
    }
    Ok(())
}
