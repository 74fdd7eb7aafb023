//! Conversion between records and rows.

use std::fmt;
use std::sync::Arc;

use rocketry_core::log::{Cause, Extra, Tally, TaskPast};
use rocketry_core::{Action, Exit, ProcessEnd, Record, RunId, Timestamp};

/// The columns of a record, in the order in which [`Cells`] are read. The name of the task is in another table.
pub(crate) const COLUMNS: &str = "id, (SELECT name FROM rocketry_task WHERE rocketry_task.id = record.task), run_id, \
     action, created, due, start, message, exit_code, exit_signal, output, params, result, version, cause, upstream";

/// The columns of a task's past, in the order in which [`read_task`] reads them, and their tables.
pub(crate) const TASK: &str = "name, last_action, last_due, fails_in_row, run_count, last_run, success_count, \
     last_success, fail_count, last_fail, terminate_count, last_terminate, inaction_count, last_inaction, \
     crash_count, last_crash";
pub(crate) const TASKS: &str = "rocketry_task JOIN rocketry_tally ON rocketry_tally.task = rocketry_task.id";

/// The statement that reads the records after a number, oldest first.
pub(crate) fn records_after(number: &str) -> String {
    format!("SELECT {COLUMNS} FROM rocketry_record AS record WHERE id > {number} ORDER BY id")
}

/// A row of a result.
pub(crate) trait Cells {
    /// Reads an integer. The error says what the cell contains instead.
    fn int(&self, column: usize) -> Result<Option<i64>, String>;
    /// Reads a text. The error says what the cell contains instead.
    fn text(&self, column: usize) -> Result<Option<String>, String>;
    /// Reads the id of a run. The error says what the cell contains instead.
    fn run_id(&self, column: usize) -> Result<Option<RunId>, String>;
}

/// A row that is not a valid record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// The number of the row, if it can be read.
    pub(crate) row: Option<i64>,
    /// What is wrong with it.
    pub(crate) what: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "row {row} of rocketry_record is not a record: {}", self.what),
            None => write!(f, "a row of rocketry_record is not a record: {}", self.what),
        }
    }
}

/// Reads a record with its number.
pub(crate) fn read(cells: &dyn Cells) -> Result<(i64, Record), Malformed> {
    let row = cells.int(0).ok().flatten();
    let malformed = |what| Malformed { row, what };
    let id = row.ok_or_else(|| malformed("it has no number".into()))?;
    read_record(cells).map(|record| (id, record)).map_err(malformed)
}

fn read_record(cells: &dyn Cells) -> Result<Record, String> {
    let at = |column, name| {
        let micros = needed(cells.int(column)?, name)?;
        Ok::<_, String>(Timestamp::from_micros(micros))
    };
    Ok(Record {
        task: needed(cells.text(1)?, "known task")?.into(),
        run_id: needed(cells.run_id(2)?, "run_id")?,
        action: action(needed(cells.int(3)?, "action")?)?,
        created: at(4, "created")?,
        due: at(5, "due")?,
        start: at(6, "start")?,
        message: cells.text(7)?.map(Arc::from),
        extra: extra(cells)?.map(Arc::new),
    })
}

fn extra(cells: &dyn Cells) -> Result<Option<Extra>, String> {
    let mut extra = Extra {
        process: process(cells)?,
        params: cells.text(11)?.map(Arc::from),
        result: cells.text(12)?.map(Arc::from),
        version: cells.text(13)?.map(Arc::from),
        ..Extra::default()
    };
    extra.set_origin(cells.text(14)?.as_deref(), cells.text(15)?.as_deref())?;
    Ok((extra != Extra::default()).then_some(extra))
}

fn process(cells: &dyn Cells) -> Result<Option<ProcessEnd>, String> {
    let small = |number: i64| i32::try_from(number).map_err(|_| format!("{number} is not an exit code"));
    let code = cells.int(8)?.map(small).transpose()?.map(Exit::Code);
    let signal = cells.int(9)?.map(small).transpose()?.map(Exit::Signal);
    let output = cells.text(10)?;
    Ok(code.or(signal).map(|exit| ProcessEnd {
        exit,
        output: output.unwrap_or_default().into(),
    }))
}

/// The action with this number.
pub(crate) fn action(number: i64) -> Result<Action, String> {
    let action = usize::try_from(number)
        .ok()
        .and_then(|index| Action::ALL.get(index));
    action
        .copied()
        .ok_or_else(|| format!("{number} is not an action"))
}

fn needed<T>(cell: Option<T>, name: &str) -> Result<T, String> {
    cell.ok_or_else(|| format!("it has no {name}"))
}

/// The exit code and the signal of a record; at most one of them is set.
pub(crate) fn exit(record: &Record) -> (Option<i32>, Option<i32>) {
    match record.process().map(|process| process.exit) {
        Some(Exit::Code(code)) => (Some(code), None),
        Some(Exit::Signal(signal)) => (None, Some(signal)),
        None => (None, None),
    }
}

/// The cause of a start, unless that was the statement, as nearly always.
pub(crate) fn cause(record: &Record) -> Option<String> {
    let cause = record.cause().filter(|cause| **cause != Cause::Statement);
    cause.map(Cause::to_string)
}

/// Reads a record with its number. An invalid row is reported and skipped, so that the rest of the log stays
/// usable.
pub(crate) fn read_or_tell(cells: &dyn Cells) -> Option<(i64, Record)> {
    read(cells)
        .inspect_err(|malformed| tracing::error!("{malformed}; it is passed over"))
        .ok()
}

/// Reads a task with its tallies.
pub(crate) fn read_task(cells: &dyn Cells) -> Result<(Arc<str>, TaskPast), String> {
    let at = |column| Ok::<_, String>(cells.int(column)?.map(Timestamp::from_micros));
    let mut tallies = [Tally::default(); 6];
    for (index, tally) in tallies.iter_mut().enumerate() {
        tally.count = needed(cells.int(4 + 2 * index)?, "count")?.unsigned_abs();
        tally.last = at(5 + 2 * index)?;
    }
    let fails_in_row = needed(cells.int(3)?, "row of failures")?;
    let past = TaskPast {
        tallies,
        last: cells.int(1)?.map(action).transpose()?,
        last_due: at(2)?.unwrap_or_default(),
        fails_in_row: u32::try_from(fails_in_row).unwrap_or(u32::MAX),
        open: Vec::new(),
    };
    Ok((needed(cells.text(0)?, "name")?.into(), past))
}

/// Reads a task with its tallies. An invalid row is reported and skipped.
pub(crate) fn read_task_or_tell(cells: &dyn Cells) -> Option<(Arc<str>, TaskPast)> {
    read_task(cells)
        .inspect_err(|what| {
            tracing::error!("a row of rocketry_task is not a task: {what}; it is passed over");
        })
        .ok()
}
