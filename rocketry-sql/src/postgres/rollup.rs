//! Roll-ups: tallies, open runs, and deleting records that are rolled up.

use std::sync::LazyLock;

use postgres::types::ToSql;
use rocketry_core::log::{Past, Retention, Write};

use super::batch::Batch;
use super::connection::Connection;
use crate::drift::{self, Drifts};
use crate::ledger::{Ledger, State};
use crate::presence::{KIND, STRETCH};
use crate::retention::last_to_go;
use crate::row::{self, COLUMNS, Cells as _, TASK, TASKS};
use crate::tally::{self, Noted, Tally};

/// Adds tallies.
static ADD: LazyLock<String> = LazyLock::new(|| {
    let arrays: Vec<String> = (1..=tally::COLUMNS.len())
        .map(|number| format!("${number}::bigint[]"))
        .collect();
    let (columns, arrays) = (tally::COLUMNS.join(", "), arrays.join(", "));
    format!(
        "INSERT INTO rocketry_tally AS was ({columns}) SELECT * FROM unnest({arrays}) {}",
        tally::ADD
    )
});

type Result<T> = std::result::Result<T, postgres::Error>;

/// The open runs with their start records, oldest first.
const OPEN_RUNS: &str = "rocketry_open_run AS open \
     JOIN (SELECT * FROM rocketry_kept UNION ALL SELECT * FROM rocketry_record) AS record ON record.id = open.record \
     ORDER BY open.record";

/// The state of the log, as known to a writer.
pub(super) struct Known {
    pub(super) ledger: Ledger,
    /// The number of the last write, as the same bits.
    pub(super) last_write: Option<i64>,
    /// The number of writes by nodes.
    pub(super) writes: i64,
}

/// Reads the state of the writer as it is at one instant.
pub(super) fn read_known(connection: &mut Connection) -> Result<Known> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    connection.client.batch_execute(begin)?;
    let known = read_all(connection);
    if known.is_err() {
        // The caller replaces a connection that is lost.
        let _ = connection.client.batch_execute("ROLLBACK");
    } else {
        connection.client.batch_execute("COMMIT")?;
    }
    known
}

fn read_all(connection: &mut Connection) -> Result<Known> {
    let mut ledger = Ledger::new(read_state(connection)?);
    for row in connection.rows("SELECT id, name FROM rocketry_task", &[])? {
        ledger.know_task(row.try_get(0)?, row.try_get::<_, &str>(1)?.into());
    }
    for row in connection.rows(&format!("SELECT task, id, run_id FROM {OPEN_RUNS}"), &[])? {
        if let Ok(Some(run_id)) = row.run_id(2) {
            ledger.know_open(row.try_get(0)?, row.try_get(1)?, run_id);
        }
    }
    let last = "SELECT id, (SELECT count(*) FROM rocketry_record WHERE block = rocketry_block.id) \
                FROM rocketry_block ORDER BY id DESC LIMIT 1";
    if let Some(row) = connection.rows(last, &[])?.first() {
        let records: i64 = row.try_get(1)?;
        ledger.know_block(row.try_get(0)?, usize::try_from(records).unwrap_or(usize::MAX));
    }
    let since =
        "SELECT id, run_id, task, action, created, due FROM rocketry_record WHERE id > $1 ORDER BY id";
    for row in connection.rows(since, &[&ledger.state.rolled_up])? {
        // An invalid row is reported when it is read.
        if let (Ok(Some(run_id)), Ok(action)) = (row.run_id(1), row::action(row.try_get(3)?)) {
            let noted = Noted {
                task: row.try_get(2)?,
                action,
                created: row.try_get(4)?,
                due: row.try_get(5)?,
            };
            ledger.note_record(row.try_get(0)?, noted, &run_id);
        }
    }
    let state = connection.row("SELECT last_write, writes FROM rocketry_state")?;
    Ok(Known {
        ledger,
        last_write: state.try_get(0)?,
        writes: state.try_get(1)?,
    })
}

fn read_state(connection: &mut Connection) -> Result<State> {
    let state = format!(
        "SELECT rolled_up, records, last_run, term, {} FROM rocketry_state",
        drift::COLUMNS
    );
    let row = connection.row(&state)?;
    let mut drifts = [0; 5];
    for (index, drift) in drifts.iter_mut().enumerate() {
        *drift = row.try_get(4 + index)?;
    }
    Ok(State {
        rolled_up: row.try_get(0)?,
        records: row.try_get(1)?,
        last_run: row.try_get(2)?,
        term: row.try_get(3)?,
        drifts: Drifts::of(drifts),
    })
}

/// Writes a roll-up.
pub(super) fn write(batch: &mut Batch<'_>, ledger: &Ledger) -> Result<()> {
    let since = ledger.since();
    add(batch, &since.tasks)?;
    batch.add(
        "DELETE FROM rocketry_open_run WHERE record = ANY($1)",
        &[&since.ended],
    )?;
    let open = ledger.newly_open();
    batch.add(
        "INSERT INTO rocketry_open_run SELECT unnest($1::bigint[])",
        &[&open],
    )?;
    let state = ledger.state_rolled_up();
    let update = "UPDATE rocketry_state SET rolled_up = $1, records = $2, last_run = $3";
    batch.add(update, &[&state.rolled_up, &state.records, &state.last_run])
}

fn add(batch: &mut Batch<'_>, tasks: &[(i64, Tally)]) -> Result<()> {
    let mut columns: [Vec<Option<i64>>; tally::COLUMNS.len()] = Default::default();
    for (task, tally) in tasks {
        for (column, value) in columns.iter_mut().zip(tally.columns(*task)) {
            column.push(value);
        }
    }
    let values = columns.each_ref().map(|column| column as &(dyn ToSql + Sync));
    batch.add(&ADD, &values)
}

/// Notes which blocks of the next full stretch contain records of each task.
pub(super) fn note_presence(batch: &mut Batch<'_>) -> Result<()> {
    const NEXT: &str = "SELECT next_stretch FROM rocketry_state \
                        WHERE (next_stretch + 1) * $1 <= (SELECT max(id) FROM rocketry_block)";
    let next = batch.query(NEXT, &[&STRETCH])?;
    let Some(next) = next.first() else { return Ok(()) };
    let stretch: i64 = next.try_get(0)?;
    let note = format!(
        "INSERT INTO rocketry_presence (stretch, task, kind, blocks) \
         SELECT $1::bigint, task, {KIND} AS kind, bit_or(1::bigint << (block - $2)::int) \
         FROM rocketry_record WHERE block >= $2 AND block < $3 GROUP BY task, kind"
    );
    let first = stretch * STRETCH;
    batch.add(&note, &[&stretch, &first, &(first + STRETCH)])?;
    batch.add("UPDATE rocketry_state SET next_stretch = $1", &[&(stretch + 1)])
}

/// Reads an app's past after a roll-up.
pub(super) fn read_past(connection: &mut Connection) -> Result<Past> {
    let state = read_state(connection)?;
    let mut past = Past {
        last_run: state.last_run.map(i64::cast_unsigned),
        term: state.term.unsigned_abs(),
        ..Past::default()
    };
    let tasks = connection.rows(&format!("SELECT {TASK} FROM {TASKS}"), &[])?;
    past.tasks = tasks
        .iter()
        .filter_map(|row| row::read_task_or_tell(row))
        .collect();
    for row in connection.rows("SELECT key, value FROM rocketry_fact", &[])? {
        let [key, value] = [row.try_get::<_, &str>(0)?, row.try_get(1)?];
        past.facts.insert(key.into(), value.into());
    }
    let open = connection.rows(&format!("SELECT {COLUMNS} FROM {OPEN_RUNS}"), &[])?;
    for (_, record) in open.iter().filter_map(|row| row::read_or_tell(row)) {
        if let Some(task) = past.tasks.get_mut(&record.task) {
            task.open.push(record);
        }
    }
    Ok(past)
}

/// Reads an app's past without a roll-up, at one instant.
pub(super) fn look(connection: &mut Connection) -> Result<Past> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    connection.client.batch_execute(begin)?;
    let past = look_inside(connection);
    let over = connection.client.batch_execute("ROLLBACK");
    past.and_then(|past| over.map(|()| past))
}

fn look_inside(connection: &mut Connection) -> Result<Past> {
    let mut past = read_past(connection)?;
    let after = read_state(connection)?.rolled_up;
    let since = connection.rows(&row::records_after("$1"), &[&after])?;
    for (_, record) in since.iter().filter_map(|row| row::read_or_tell(row)) {
        past.note(&Write::records(&[record]));
    }
    Ok(past)
}

/// Deletes records from the oldest on, and returns how many. Records of open runs are moved to another table.
pub(super) fn forget(batch: &mut Batch<'_>, ledger: &Ledger, retention: &Retention) -> Result<usize> {
    const KEEP: &str = "INSERT INTO rocketry_kept SELECT * FROM rocketry_record \
                        WHERE id <= $1 AND id IN (SELECT record FROM rocketry_open_run)";
    /// Blocks without records, except the last, so that the numbers of blocks continue.
    const BLOCKS: &str = "DELETE FROM rocketry_block WHERE id < (SELECT max(id) FROM rocketry_block WHERE first <= \
        (SELECT coalesce(min(id), (SELECT max(first) FROM rocketry_block)) FROM rocketry_record))";
    /// The presence noted for stretches without a block.
    const PRESENCE: &str =
        "DELETE FROM rocketry_presence WHERE stretch < (SELECT min(id) FROM rocketry_block) / $1";
    let records = ledger.state.records.unsigned_abs();
    let Some(last) = last_to_go(batch.connection(), records, retention)? else {
        return Ok(0);
    };
    batch.add(KEEP, &[&last])?;
    let count = batch.count("DELETE FROM rocketry_record WHERE id <= $1", &[&last])?;
    batch.add(BLOCKS, &[])?;
    batch.add(PRESENCE, &[&STRETCH])?;
    let records = ledger.state.records.unsigned_abs().saturating_sub(count);
    batch.add(
        "UPDATE rocketry_state SET records = $1",
        &[&records.cast_signed()],
    )?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}
