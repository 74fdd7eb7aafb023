//! Roll-ups: tallies, open runs, and deleting records that are rolled up.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use rocketry_core::log::{Past, Retention, TaskPast, Write};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use super::rows::{CHUNK, Insertion};
use crate::drift::{self, Drifts};
use crate::ledger::{Ledger, State};
use crate::presence::{KIND, STRETCH};
use crate::retention::last_to_go;
use crate::row::{self, COLUMNS, Cells as _, TASK, TASKS};
use crate::tally::{self, Noted, Tally};

/// The tables with the start records of open runs, oldest first.
const STARTS: [&str; 2] = ["rocketry_kept", "rocketry_record"];

/// The tallies of tasks that have only started and succeeded, and of all others.
static USUAL: LazyLock<Insertion> = LazyLock::new(|| tallies(&tally::COLUMNS[..tally::USUAL]));
static ALL: LazyLock<Insertion> = LazyLock::new(|| tallies(&tally::COLUMNS));

fn tallies(columns: &[&str]) -> Insertion {
    Insertion::new("rocketry_tally AS was", columns, tally::ADD)
}

/// Selects the open runs with their records from a table. `CROSS JOIN` fixes the order of the join, so that
/// SQLite does not scan all records.
fn open_runs(columns: &str, table: &str) -> String {
    format!(
        "SELECT {columns} FROM rocketry_open_run AS open \
         CROSS JOIN {table} AS record ON record.id = open.record ORDER BY open.record"
    )
}

/// Reads the state of the writer.
pub(super) fn read_ledger(connection: &Connection) -> rusqlite::Result<Ledger> {
    let mut ledger = Ledger::new(read_state(connection)?);
    let mut tasks = connection.prepare("SELECT id, name FROM rocketry_task")?;
    let mut rows = tasks.query([])?;
    while let Some(row) = rows.next()? {
        ledger.know_task(row.get(0)?, row.get(1)?);
    }
    for table in STARTS {
        let mut open = connection.prepare(&open_runs("task, id, run_id", table))?;
        let mut rows = open.query([])?;
        while let Some(row) = rows.next()? {
            if let Ok(Some(run_id)) = row.run_id(2) {
                ledger.know_open(row.get(0)?, row.get(1)?, run_id);
            }
        }
    }
    if let Some((number, first)) = read_last_block(connection)? {
        let records = "SELECT count(*) FROM rocketry_record WHERE id >= ?1";
        let records: u32 = connection.query_row(records, [first], |row| row.get(0))?;
        ledger.know_block(number, records as usize);
    }
    read_since(connection, &mut ledger)?;
    Ok(ledger)
}

fn read_last_block(connection: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    let last = "SELECT id, first FROM rocketry_block ORDER BY id DESC LIMIT 1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    connection.query_row(last, [], read).optional()
}

fn read_state(connection: &Connection) -> rusqlite::Result<State> {
    let state = format!(
        "SELECT rolled_up, records, last_run, term, {} FROM rocketry_state",
        drift::COLUMNS
    );
    connection.query_row(&state, [], |row| {
        let mut drifts = [0; 5];
        for (index, drift) in drifts.iter_mut().enumerate() {
            *drift = row.get(4 + index)?;
        }
        Ok(State {
            rolled_up: row.get(0)?,
            records: row.get(1)?,
            last_run: row.get(2)?,
            term: row.get(3)?,
            drifts: Drifts::of(drifts),
        })
    })
}

/// Raises the highest term to that of a write. Returns the previous highest term.
pub(super) fn raise_term(transaction: &Transaction<'_>, term: Option<u64>) -> rusqlite::Result<u64> {
    let Some(term) = term else { return Ok(0) };
    let mut read = transaction.prepare_cached("SELECT term FROM rocketry_state")?;
    let highest: i64 = read.query_row([], |row| row.get(0))?;
    if term > highest.unsigned_abs() {
        let term = i64::try_from(term).unwrap_or(i64::MAX);
        transaction.execute("UPDATE rocketry_state SET term = ?1", [term])?;
    }
    Ok(highest.unsigned_abs())
}

/// Applies the records after the last roll-up.
fn read_since(connection: &Connection, ledger: &mut Ledger) -> rusqlite::Result<()> {
    let since =
        "SELECT id, run_id, task, action, created, due FROM rocketry_record WHERE id > ?1 ORDER BY id";
    let mut since = connection.prepare(since)?;
    let mut rows = since.query([ledger.state.rolled_up])?;
    while let Some(row) = rows.next()? {
        let noted = |row: &Row<'_>| {
            Ok::<_, rusqlite::Error>(Noted {
                task: row.get(2)?,
                action: row::action(row.get(3)?).map_err(|_| rusqlite::Error::InvalidQuery)?,
                created: row.get(4)?,
                due: row.get(5)?,
            })
        };
        // An invalid row is reported when it is read.
        if let (Ok(noted), Ok(Some(run_id))) = (noted(row), row.run_id(1)) {
            ledger.note_record(row.get(0)?, noted, &run_id);
        }
    }
    Ok(())
}

/// Writes a roll-up.
pub(super) fn write(transaction: &Transaction<'_>, ledger: &Ledger) -> rusqlite::Result<()> {
    let since = ledger.since();
    add(transaction, &since.tasks)?;
    let mut close = transaction.prepare_cached("DELETE FROM rocketry_open_run WHERE record = ?1")?;
    let mut let_go = transaction.prepare_cached("DELETE FROM rocketry_kept WHERE id = ?1")?;
    for record in &since.ended {
        close.execute([record])?;
        let_go.execute([record])?;
    }
    let mut open = transaction.prepare_cached("INSERT INTO rocketry_open_run VALUES (?1)")?;
    for record in ledger.newly_open() {
        open.execute([record])?;
    }
    let state = ledger.state_rolled_up();
    transaction
        .prepare_cached("UPDATE rocketry_state SET rolled_up = ?1, records = ?2, last_run = ?3")?
        .execute((state.rolled_up, state.records, state.last_run))?;
    Ok(())
}

fn add(transaction: &Transaction<'_>, tasks: &[(i64, Tally)]) -> rusqlite::Result<()> {
    let mut tasks: Vec<_> = tasks.iter().collect();
    tasks.sort_unstable_by_key(|(task, _)| *task);
    for tasks in tasks.chunks(CHUNK) {
        let (insertion, columns) = if tasks.iter().all(|(_, tally)| tally.is_usual()) {
            (&USUAL, tally::USUAL)
        } else {
            (&ALL, tally::COLUMNS.len())
        };
        insertion.add(transaction, tasks, |values, (task, tally)| {
            let columns = &tally.columns(*task)[..columns];
            columns.iter().try_for_each(|value| values.put(value))
        })?;
    }
    Ok(())
}

/// Returns the next stretch of full blocks whose presence is not noted.
pub(super) fn next_stretch(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    const NEXT: &str = "SELECT next_stretch FROM rocketry_state \
                        WHERE (next_stretch + 1) * ?1 <= (SELECT max(id) FROM rocketry_block)";
    let mut next = connection.prepare_cached(NEXT)?;
    next.query_row([STRETCH], |row| row.get(0)).optional()
}

/// Notes which blocks of a stretch contain records of each task.
pub(super) fn note_presence(transaction: &Transaction<'_>, stretch: i64) -> rusqlite::Result<()> {
    // `DISTINCT` in the order of the index needs no sorting.
    let note = format!(
        "INSERT INTO rocketry_presence (stretch, task, kind, blocks) \
         SELECT ?1, task, {KIND} AS kind, sum(DISTINCT 1 << (block - ?2)) \
         FROM (SELECT DISTINCT block, task, action FROM rocketry_record INDEXED BY rocketry_record_by_task \
         WHERE block >= ?2 AND block < ?3) GROUP BY task, kind"
    );
    let first = stretch * STRETCH;
    transaction.execute(&note, (stretch, first, first + STRETCH))?;
    transaction.execute("UPDATE rocketry_state SET next_stretch = ?1", [stretch + 1])?;
    Ok(())
}

/// Reads an app's past after a roll-up.
pub(super) fn read_past(connection: &Connection) -> rusqlite::Result<Past> {
    let state = read_state(connection)?;
    let mut past = Past {
        tasks: read_tasks(connection)?,
        facts: HashMap::new(),
        last_run: state.last_run.map(i64::cast_unsigned),
        term: state.term.unsigned_abs(),
    };
    let mut facts = connection.prepare("SELECT key, value FROM rocketry_fact")?;
    let mut rows = facts.query([])?;
    while let Some(row) = rows.next()? {
        past.facts.insert(row.get(0)?, row.get(1)?);
    }
    for table in STARTS {
        let mut open = connection.prepare(&open_runs(COLUMNS, table))?;
        let mut rows = open.query([])?;
        while let Some(row) = rows.next()? {
            if let Some((_, record)) = row::read_or_tell(row)
                && let Some(task) = past.tasks.get_mut(&record.task)
            {
                task.open.push(record);
            }
        }
    }
    Ok(past)
}

/// Reads an app's past without a roll-up, at one instant.
pub(super) fn look(connection: &Connection) -> rusqlite::Result<Past> {
    let snapshot = connection.unchecked_transaction()?;
    let mut past = read_past(&snapshot)?;
    let after = read_state(&snapshot)?.rolled_up;
    let mut since = snapshot.prepare(&row::records_after("?1"))?;
    let mut rows = since.query([after])?;
    while let Some(row) = rows.next()? {
        if let Some((_, record)) = row::read_or_tell(row) {
            past.note(&Write::records(&[record]));
        }
    }
    Ok(past)
}

fn read_tasks(connection: &Connection) -> rusqlite::Result<HashMap<Arc<str>, TaskPast>> {
    let mut tasks = connection.prepare(&format!("SELECT {TASK} FROM {TASKS}"))?;
    let mut rows = tasks.query([])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        all.extend(row::read_task_or_tell(row));
    }
    Ok(all)
}

/// Deletes records from the oldest on, and returns how many. Records of open runs are moved to another table.
pub(super) fn forget(
    transaction: &Transaction<'_>,
    ledger: &Ledger,
    retention: &Retention,
) -> rusqlite::Result<usize> {
    const KEEP: &str = "INSERT INTO rocketry_kept SELECT * FROM rocketry_record \
                        WHERE id <= ?1 AND id IN (SELECT record FROM rocketry_open_run)";
    let count = ledger.state.records.unsigned_abs();
    let Some(last) = last_to_go(&mut &**transaction, count, retention)? else {
        return Ok(0);
    };
    transaction.prepare_cached(KEEP)?.execute([last])?;
    let mut delete = transaction.prepare_cached("DELETE FROM rocketry_record WHERE id <= ?1")?;
    let count = delete.execute([last])?;
    drop_blocks(transaction)?;
    let records = ledger.state.records.unsigned_abs().saturating_sub(count as u64);
    transaction.execute("UPDATE rocketry_state SET records = ?1", [records.cast_signed()])?;
    Ok(count)
}

/// Deletes blocks without records, except the last, so that the numbers of blocks continue; and the presence
/// noted for them.
fn drop_blocks(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    const DROP: &str = "DELETE FROM rocketry_block WHERE id < (SELECT max(id) FROM rocketry_block WHERE first <= \
                        (SELECT coalesce(min(id), (SELECT max(first) FROM rocketry_block)) FROM rocketry_record))";
    const FORGET: &str =
        "DELETE FROM rocketry_presence WHERE stretch < (SELECT min(id) FROM rocketry_block) / ?1";
    transaction.prepare_cached(DROP)?.execute([])?;
    transaction.prepare_cached(FORGET)?.execute([STRETCH])?;
    Ok(())
}
