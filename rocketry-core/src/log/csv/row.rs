//! A row of the file: a record, or other state that an app needs.

use std::sync::Arc;

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::log::{Action, Exit, Extra, Fact, Past, ProcessEnd, Record, Tally, TaskPast, Write};
use crate::param::RunId;
use crate::time::Timestamp;

/// The columns. Those derived from others are for people and are not read.
pub(super) const COLUMNS: [&str; 19] = [
    "task_name",
    "run_id",
    "action",
    "created",
    "due",
    "start",
    "end",
    "runtime",
    "lateness",
    "message",
    "exit_code",
    "exit_signal",
    "output",
    "params",
    "result",
    "version",
    "cause",
    "upstream",
    "part",
];

/// The columns of texts that may be missing.
const MESSAGE: usize = 9;
const PARAMS: usize = 13;
const RESULT: usize = 14;
const VERSION: usize = 15;
const CAUSE: usize = 16;
const UPSTREAM: usize = 17;
/// The column that numbers the rows of one write.
pub(super) const PART: usize = 18;

/// An upper limit for the number of deleted records, so that later numbers can't overflow.
const MOST_FORGOTTEN: u64 = 1 << 62;

/// The kinds of rows. Rows that are not records have an action that no record has.
#[derive(Debug)]
pub(super) enum Row {
    Record(Record),
    /// `fact`: the key is in the column of the message, the value in that of the result.
    Fact(Fact),
    /// `past`: the past of a task's deleted records.
    Past(Arc<str>, TaskPast),
    /// `open`: the deleted start of a run that has not ended.
    Open(Record),
    /// `forgotten`: how many records were deleted, and the greatest number of a run among them.
    Forgotten(u64, Option<u64>),
    /// `term`: the highest term of a write.
    Term(u64),
}

/// The serialized form of a past.
#[derive(Serialize, Deserialize)]
struct Tallies {
    counts: [u64; 6],
    lasts: [Option<i64>; 6],
    last: Option<String>,
    last_due: i64,
    fails_in_row: u32,
}

impl Row {
    /// Returns the fields of the row. `part` is its position among the rows written together.
    pub(super) fn fields(&self, part: String) -> [String; 19] {
        let mut fields: [String; 19] = Default::default();
        let mut texts: [Option<&str>; 19] = Default::default();
        match self {
            Row::Record(record) => {
                fill(&mut fields, record, record.action.name());
                fill_texts(&mut texts, record);
            }
            Row::Open(record) => {
                fill(&mut fields, record, "open");
                fill_texts(&mut texts, record);
            }
            Row::Fact(fact) => {
                fields[2] = "fact".into();
                fields[9] = fact.key.to_string();
                texts[RESULT] = fact.value.as_deref();
            }
            Row::Past(task, known) => {
                fields[0] = task.to_string();
                fields[2] = "past".into();
                fields[14] = tallies(known);
            }
            Row::Forgotten(count, last_run) => {
                fields[1] = last_run.map_or_else(String::new, |run| run.to_string());
                fields[2] = "forgotten".into();
                fields[14] = count.to_string();
            }
            Row::Term(term) => {
                fields[2] = "term".into();
                fields[14] = term.to_string();
            }
        }
        fields[PART] = part;
        put_texts(&mut fields, &texts);
        fields
    }

    /// Parses a row.
    ///
    /// # Errors
    ///
    /// Names the invalid column and what is wrong with it.
    pub(super) fn read(fields: &StringRecord) -> Result<Self, String> {
        if fields.len() != COLUMNS.len() {
            let (found, wanted) = (fields.len(), COLUMNS.len());
            return Err(format!("{found} columns in place of {wanted}"));
        }
        Ok(match &fields[2] {
            "fact" => Row::Fact(Fact {
                key: fields[9].into(),
                value: some(fields, RESULT),
            }),
            "past" => Row::Past(fields[0].into(), read_past(&fields[14])?),
            "open" => Row::Open(record(fields, Action::Run)?),
            "forgotten" => {
                let count = number(&fields[14], "result")?;
                if count > MOST_FORGOTTEN {
                    return Err(format!(
                        "column `result`: {count} records are more than a log can have had"
                    ));
                }
                Row::Forgotten(count, fields[1].parse().ok())
            }
            "term" => Row::Term(number(&fields[14], "result")?),
            action => {
                let action = action
                    .parse()
                    .map_err(|error: crate::error::Error| error.to_string())?;
                Row::Record(record(fields, action)?)
            }
        })
    }
}

/// The rows of a write to a log whose highest term so far is `term`.
pub(super) fn of_write(write: &Write<'_>, term: u64) -> Vec<Row> {
    let term = write.term.filter(|new| *new > term).map(Row::Term);
    // Zero bytes would look like a torn write.
    let records = write.records.iter().map(Record::without_nul).map(Row::Record);
    let facts = write.facts.iter().map(Fact::without_nul).map(Row::Fact);
    term.into_iter().chain(records).chain(facts).collect()
}

/// The first rows of a file without its first `count` records: the past of these records, and the current
/// facts.
pub(super) fn head(forgotten: &Past, known: &Past, count: u64) -> Vec<Row> {
    let mut rows = vec![Row::Forgotten(count, forgotten.last_run), Row::Term(known.term)];
    for (task, past) in &forgotten.tasks {
        let mut past = past.clone();
        let open = std::mem::take(&mut past.open);
        rows.push(Row::Past(task.clone(), past));
        rows.extend(open.into_iter().map(Row::Open));
    }
    for (key, value) in &known.facts {
        rows.push(Row::Fact(Fact {
            key: key.clone(),
            value: Some(value.clone()),
        }));
    }
    rows
}

fn fill(fields: &mut [String; 19], record: &Record, action: &str) {
    let seconds = |length: std::time::Duration| length.as_secs_f64().to_string();
    fields[0] = record.task.to_string();
    fields[1] = record.run_id.to_string();
    fields[2] = action.into();
    fields[3] = record.created.to_string();
    fields[4] = record.due.to_string();
    fields[5] = record.start.to_string();
    fields[6] = record.end().map_or_else(String::new, |end| end.to_string());
    fields[7] = record.runtime().map_or_else(String::new, seconds);
    fields[8] = seconds(record.lateness());
    if let Some(process) = record.process() {
        match process.exit {
            Exit::Code(code) => fields[10] = code.to_string(),
            Exit::Signal(signal) => fields[11] = signal.to_string(),
        }
        fields[12] = process.output.to_string();
    }
    fields[CAUSE] = record.cause_text().unwrap_or_default();
    fields[UPSTREAM] = record.upstream_json().unwrap_or_default();
}

/// Fills in the texts that may be missing.
fn fill_texts<'r>(texts: &mut [Option<&'r str>; 19], record: &'r Record) {
    texts[MESSAGE] = record.message.as_deref();
    texts[PARAMS] = record.params();
    texts[RESULT] = record.result();
    texts[VERSION] = record.version();
}

/// Puts the texts that may be missing into their fields. Names the columns of empty texts in the last field.
fn put_texts(fields: &mut [String; 19], texts: &[Option<&str>; 19]) {
    for (column, text) in texts.iter().copied().enumerate() {
        match text {
            // A spreadsheet can't tell an empty text from a missing one.
            Some("") => fields[PART].extend([" ", COLUMNS[column]]),
            Some(text) => text.clone_into(&mut fields[column]),
            None => {}
        }
    }
}

fn record(fields: &StringRecord, action: Action) -> Result<Record, String> {
    let exit = match (&fields[10], &fields[11]) {
        ("", "") => None,
        (code, "") => Some(Exit::Code(number(code, "exit_code")?)),
        (_, signal) => Some(Exit::Signal(number(signal, "exit_signal")?)),
    };
    let process = exit.map(|exit| ProcessEnd {
        exit,
        output: fields[12].into(),
    });
    let mut extra = Extra {
        process,
        params: some(fields, PARAMS),
        result: some(fields, RESULT),
        version: some(fields, VERSION),
        ..Extra::default()
    };
    extra.set_origin(some(fields, CAUSE).as_deref(), some(fields, UPSTREAM).as_deref())?;
    Ok(Record {
        task: fields[0].into(),
        run_id: RunId::from(&fields[1]),
        action,
        created: instant(fields, 3)?,
        due: instant(fields, 4)?,
        start: instant(fields, 5)?,
        message: some(fields, MESSAGE),
        extra: (extra != Extra::default()).then(|| extra.into()),
    })
}

/// The text of a column, if there is one. The last column lists the texts that are empty.
fn some(fields: &StringRecord, column: usize) -> Option<Arc<str>> {
    let is_there = || {
        fields[PART]
            .split(' ')
            .skip(1)
            .any(|name| name == COLUMNS[column])
    };
    let text = &fields[column];
    (!text.is_empty() || is_there()).then(|| text.into())
}

fn instant(fields: &StringRecord, column: usize) -> Result<Timestamp, String> {
    let read = fields[column].parse();
    read.map_err(|mistake| format!("column `{}`: {mistake}", COLUMNS[column]))
}

fn number<T: std::str::FromStr>(text: &str, column: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("column `{column}`: `{text}` is not a valid number"))
}

fn tallies(past: &TaskPast) -> String {
    let tallies = Tallies {
        counts: past.tallies.map(|tally| tally.count),
        lasts: past.tallies.map(|tally| tally.last.map(Timestamp::as_micros)),
        last: past.last.map(|action| action.name().to_owned()),
        last_due: past.last_due.as_micros(),
        fails_in_row: past.fails_in_row,
    };
    serde_json::to_string(&tallies).unwrap_or_default()
}

fn read_past(text: &str) -> Result<TaskPast, String> {
    let wrong = |mistake: &dyn std::fmt::Display| format!("column `result`: {mistake}");
    let read: Tallies = serde_json::from_str(text).map_err(|mistake| wrong(&mistake))?;
    let tally = |index: usize| Tally {
        count: read.counts[index],
        last: read.lasts[index].map(Timestamp::from_micros),
    };
    let last = read.last.as_deref().map(str::parse).transpose();
    Ok(TaskPast {
        tallies: std::array::from_fn(tally),
        last: last.map_err(|mistake: crate::error::Error| wrong(&mistake))?,
        last_due: Timestamp::from_micros(read.last_due),
        fails_in_row: read.fails_in_row,
        open: Vec::new(),
    })
}
