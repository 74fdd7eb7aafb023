//! The run log as a CSV file, which any spreadsheet reads.

mod file;
mod index;
mod row;

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Cursor, Fact, LogScheme, Order, Page, Past, Query, Record, Records, Retention, RunLog, Write};
use crate::error::{Error, Result};
use file::Placed;
use index::{Entry, Index};
use row::Row;

/// A run log in a CSV file: `Rocketry::new().log("csv:tasks.csv")`. Needs the feature `csv`.
///
/// The first line has Rocketry's names: `task_name`, `run_id`, `action`, `created`, `due`, `start`, `end`, `runtime`
/// and `lateness` in seconds, `message`, `exit_code`, `exit_signal`, `output`, `params`, `result`, `version`. The column
/// `part` tells which rows were written together, and which texts are empty where
/// others are not there. Rows whose action is `fact`, `past`, `open` or `forgotten` are no
/// records: they are what else an app has to know when it starts again.
///
/// The file only gets longer, and each write is on the disk before anything follows from it. A write that was cut
/// short is put aside in `tasks.csv.torn` when the log is opened; a row that can't be read is an error that names
/// its line, and nothing is changed. One app may have the file open at a time, until it has ended; others may read it. To forget old records
/// the file is written anew.
///
/// Where each record is, is kept in memory, about 40 bytes each, so that a page is found without reading others; opening the
/// file reads all of it once. That suits up to some millions of records; a database suits more.
pub struct CsvLog {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    /// What is written to; none since this was given up.
    file: Option<Arc<File>>,
    /// The same, opened once more: where it is read must not be moved by a write.
    reader: Reader,
    /// Where the next write goes.
    end: u64,
    past: Past,
    /// What the forgotten records came to.
    base: Past,
    index: Index,
}

/// A file that several read.
type Reader = Arc<Mutex<File>>;

/// How many records are looked for in one go, while nothing can be written.
const CHUNK: usize = if cfg!(test) { 8 } else { 512 };

inventory::submit! { LogScheme { scheme: "csv", open } }

fn open(address: &str) -> Result<Box<dyn RunLog>> {
    let path = address.trim_start_matches("csv:");
    Ok(Box::new(CsvLog::open(path)?))
}

impl CsvLog {
    /// Opens a file, or makes one.
    ///
    /// # Errors
    ///
    /// [`Error::is_log`] holds if the file can't be read or written, if another app has it open, or if a row is no
    /// record; the message names the file and the line.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let state = State::open(&path).map_err(|why| wrong(&path, why))?;
        let state = Mutex::new(state);
        Ok(CsvLog { path, state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state and the file for somebody who writes. Once the file was given up, others may have written to it.
    fn to_write(&self) -> Result<(MutexGuard<'_, State>, Arc<File>)> {
        let mut state = self.state();
        if state.file.is_none() {
            *state = State::open(&self.path).map_err(|why| self.wrong(why))?;
        }
        let file = state.file.clone().expect("it was just opened");
        Ok((state, file))
    }

    fn wrong(&self, why: impl Display) -> Error {
        wrong(&self.path, why)
    }

    fn read(&self, reader: &Reader, entry: &Entry) -> Result<Record> {
        let file = reader.lock().unwrap_or_else(PoisonError::into_inner);
        match file::read_row(&file, entry.at, entry.length) {
            Ok(Row::Record(record)) => Ok(record),
            Ok(_) => Err(self.wrong(format_args!("byte {}: no record", entry.at))),
            Err(mistake) => Err(self.wrong(format_args!("byte {}: {mistake}", entry.at))),
        }
    }

    /// Some of the records that may fit, with their places, in the order of the query; and the file that they are in.
    fn candidates(&self, query: &Query) -> (Vec<(Cursor, Entry)>, Reader) {
        let state = self.state();
        (state.index.candidates(query, CHUNK), state.reader.clone())
    }
}

impl RunLog for CsvLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        let records = write.records.iter().cloned().map(Row::Record);
        let rows: Vec<Row> = records
            .chain(write.facts.iter().cloned().map(Row::Fact))
            .collect();
        let (mut state, file) = self.to_write()?;
        let (text, placed) = encode(rows, state.end).map_err(|mistake| self.wrong(mistake))?;
        file::append(&file, state.end, &text).map_err(|cause| self.wrong(cause))?;
        state.end += text.len() as u64;
        for row in placed {
            state.take_in(row);
        }
        Ok(())
    }

    fn query(&self, query: &Query) -> Result<Page> {
        let limit = query.limit.unwrap_or(usize::MAX);
        let mut rest = query.clone();
        let mut chosen = Vec::new();
        loop {
            let (candidates, reader) = self.candidates(&rest);
            let are_all = candidates.len() < CHUNK;
            for (place, entry) in candidates {
                rest.after = Some(place);
                let record = self.read(&reader, &entry)?;
                if !query.admits(&record) {
                    continue;
                }
                if chosen.len() == limit {
                    return Ok(Page::of(query, chosen, true));
                }
                chosen.push((place, record));
            }
            if are_all {
                return Ok(Page::of(query, chosen, false));
            }
        }
    }

    /// Records are read only where it takes more than their task, their action and their time.
    fn count(&self, query: &Query) -> Result<u64> {
        let all = Query {
            order: Order::Oldest,
            limit: None,
            after: None,
            ..query.clone()
        };
        let rest = Query {
            tasks: Vec::new(),
            actions: Vec::new(),
            created: None,
            end: None,
            ..all.clone()
        };
        if rest == Query::new() {
            return Ok(self.state().index.count(&all));
        }
        Records::new(self, all).try_fold(0, |count, record| record.map(|_| count + 1))
    }

    fn load(&self) -> Result<Past> {
        Ok(self.to_write()?.0.past.clone())
    }

    /// The file is written anew for it, once there is enough to forget: a tenth of it.
    fn forget(&self, retention: &Retention) -> Result<u64> {
        let (mut state, file) = self.to_write()?;
        let entries = state.index.entries();
        let mut count = 0;
        while let Some(entry) = entries.get(count)
            && (retention.before.is_some_and(|before| entry.created < before)
                || retention
                    .keep
                    .is_some_and(|keep| (entries.len() - count) as u64 > keep))
        {
            count += 1;
        }
        if count * 10 < entries.len() || count == 0 {
            return Ok(0);
        }
        self.write_anew(&mut state, &file, count)?;
        Ok(count as u64)
    }

    fn close(&self) -> Result<()> {
        let file = self.state().file.take();
        let freed = file.map_or(Ok(()), |file| file::unlock(&file));
        freed.map_err(|cause| self.wrong(cause))
    }
}

impl CsvLog {
    /// Writes the file anew without its first records.
    fn write_anew(&self, state: &mut State, old: &File, count: usize) -> Result<()> {
        let mut base = state.base.clone();
        for entry in &state.index.entries()[..count] {
            let record = self.read(&state.reader, entry)?;
            base.note(&Write::records(&[record]));
        }
        let mut rows = vec![Row::Forgotten(state.index.first + count as u64, base.last_run)];
        for (task, past) in &base.tasks {
            let mut past = past.clone();
            let open = std::mem::take(&mut past.open);
            rows.push(Row::Past(task.clone(), past));
            rows.extend(open.into_iter().map(Row::Open));
        }
        for (key, value) in &state.past.facts {
            rows.push(Row::Fact(Fact {
                key: key.clone(),
                value: Some(value.clone()),
            }));
        }
        let header = file::header();
        let failed = |cause: std::io::Error| self.wrong(cause);
        let aside = file::beside(&self.path, "new");
        let file = file::create(&aside).map_err(failed)?;
        let (text, _) = encode_each(rows, header.len() as u64).map_err(|mistake| self.wrong(mistake))?;
        let head = [header.into_bytes(), text].concat();
        file::append(&file, 0, &head).map_err(failed)?;
        // What is left is as it was, facts included: the last of several counts.
        let (from, to) = (state.place(count), head.len() as u64);
        file::copy(old, from..state.end, &file).map_err(failed)?;
        let reader = File::open(&aside).map_err(failed)?;
        std::fs::rename(&aside, &self.path).map_err(failed)?;
        state.index = state.index.without(count, to);
        state.end = state.end - from + to;
        state.base = base;
        state.file = Some(Arc::new(file));
        state.reader = Arc::new(Mutex::new(reader));
        Ok(())
    }
}

impl State {
    /// Opens the file to write to it, and reads what is in it.
    fn open(path: &Path) -> Result<Self, String> {
        let file = Arc::new(file::open(path)?);
        let reader = File::open(path).map_err(|cause| cause.to_string())?;
        let mut state = State {
            file: Some(file.clone()),
            reader: Arc::new(Mutex::new(reader)),
            end: 0,
            past: Past::default(),
            base: Past::default(),
            index: Index::default(),
        };
        state.end = file::read(&file, path, |placed| state.take_in(placed))?;
        Ok(state)
    }

    /// Where the record is that has so many before it; the end, if there is none.
    fn place(&self, count: usize) -> u64 {
        self.index.entries().get(count).map_or(self.end, |entry| entry.at)
    }

    fn take_in(&mut self, placed: Placed) {
        let Placed { row, at, length } = placed;
        match row {
            Row::Record(record) => {
                self.index.push(&record, at, length);
                self.past.note(&Write::records(&[record]));
            }
            Row::Fact(fact) => self.past.note(&Write::facts(&[fact])),
            Row::Past(task, past) => {
                self.base.tasks.insert(task.clone(), past.clone());
                self.past.tasks.insert(task, past);
            }
            Row::Open(record) => {
                for past in [&mut self.base, &mut self.past] {
                    let task = past.tasks.entry(record.task.clone()).or_default();
                    task.open.push(record.clone());
                }
            }
            Row::Forgotten(count, last_run) => {
                self.index.first = count;
                (self.base.last_run, self.past.last_run) = (last_run, last_run);
            }
        }
    }
}

fn wrong(path: &Path, why: impl Display) -> Error {
    Error::log(format!("`{}`: {why}", path.display()))
}

/// The rows of one write as text, and where they will be.
fn encode(rows: Vec<Row>, at: u64) -> csv::Result<(Vec<u8>, Vec<Placed>)> {
    let of = rows.len();
    encode_with(rows, at, |number| format!("{number}/{of}"))
}

/// Rows as text, each by itself.
fn encode_each(rows: Vec<Row>, at: u64) -> csv::Result<(Vec<u8>, Vec<Placed>)> {
    encode_with(rows, at, |_| "1/1".into())
}

fn encode_with(
    rows: Vec<Row>,
    start: u64,
    part: impl Fn(usize) -> String,
) -> csv::Result<(Vec<u8>, Vec<Placed>)> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    let mut placed = Vec::with_capacity(rows.len());
    let mut at = start;
    for (index, row) in rows.into_iter().enumerate() {
        writer.write_record(row.fields(part(index + 1)))?;
        writer.flush()?;
        let end = start + writer.get_ref().len() as u64;
        let length = file::row_length(at, end)?;
        placed.push(Placed { row, at, length });
        at = end;
    }
    let text = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok((text, placed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::CsvLog;
    use crate::log::suite;

    fn config() -> ProptestConfig {
        let usual = ProptestConfig::default();
        ProptestConfig {
            cases: usual.cases.div_ceil(64),
            failure_persistence: None,
            ..usual
        }
    }

    proptest! {
        #![proptest_config(config())]

        /// With zones and pages so small that every way of finding records is taken.
        #[test]
        fn it_passes_the_suite(seed: u64) {
            let folder = std::env::temp_dir().join(format!("rocketry-csv-suite-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            suite::hold_from(seed, |number| CsvLog::open(folder.join(format!("{number}.csv"))).unwrap());
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }
}
