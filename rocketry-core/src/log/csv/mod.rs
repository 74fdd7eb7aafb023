//! The run log as a CSV file, which any spreadsheet reads.

mod file;
mod index;
mod row;
mod scan;

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Cursor, LogScheme, Order, Page, Past, Query, Record, Records, Retention, RunLog, Write};
use crate::error::{Error, Result};
use index::{Entry, Index};
use row::Row;
use scan::Placed;

/// A run log in a CSV file: `Rocketry::new().log("csv:tasks.csv")`. Needs the feature `csv`.
///
/// The first line has Rocketry's names: `task_name`, `run_id`, `action`, `created`, `due`, `start`, `end`, `runtime`
/// and `lateness` in seconds, `message`, `exit_code`, `exit_signal`, `output`, `params`, `result`, `version`. The column
/// `part` tells which rows were written together, and which texts are empty where
/// others are not there. Rows whose action is `fact`, `past`, `open`, `forgotten` or `term` are no
/// records: they are what else an app has to know when it starts again. The character U+0000 becomes U+FFFD.
///
/// The file only gets longer, and each write is on the disk before anything follows from it. A write that was torn, for
/// instance because the power failed, is put aside in `tasks.csv.torn` when the log is opened, and told to `tracing`. Any
/// other row that can't be read is an error that names its line, and nothing is changed. One app may have the file open at a
/// time, until it has ended; others may read it. To forget old records the file is written anew.
///
/// If the file is deleted, moved or replaced while an app has it open, the next write fails and says so; the write after
/// it opens what is in its place, or makes a new file. A new file begins with what the app has to know of its past: the
/// counts, the last instants, the runs under way and the facts, but not the records.
///
/// Where each record is, is kept in memory, about 40 bytes each, so that a page is found without reading others; opening the
/// file reads all of it once. That suits up to some millions of records; a database suits more.
pub struct CsvLog {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    hold: Hold,
    /// The same, opened once more: where it is read must not be moved by a write.
    reader: Reader,
    /// Where the next write goes.
    end: u64,
    past: Past,
    /// What the forgotten records came to.
    base: Past,
    index: Index,
}

/// What a log has of its file.
enum Hold {
    /// It may write to this file.
    Held(Arc<File>),
    /// It has given up the right to write.
    GivenUp,
    /// The file was deleted, moved or replaced.
    Lost,
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
        let (_, state) = State::open(&path).map_err(|why| Error::log(describe(&path, why)))?;
        let state = Mutex::new(state);
        Ok(CsvLog { path, state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state and the file, for a write. The file is opened again if the log has given it up or has lost it.
    fn to_write(&self) -> Result<(MutexGuard<'_, State>, Arc<File>)> {
        const LOST: &str =
            "the file was deleted, moved or replaced while the app had it open; it is opened anew";
        let mut state = self.state();
        if let Hold::Held(file) = &state.hold {
            let file = file.clone();
            if file::is_in_place(&file, &self.path).map_err(|cause| self.wrong(cause))? {
                return Ok((state, file));
            }
            state.hold = Hold::Lost;
            return Err(self.wrong(LOST));
        }
        let file = self.reopen(&mut state)?;
        Ok((state, file))
    }

    /// Opens what is at the path now.
    fn reopen(&self, state: &mut State) -> Result<Arc<File>> {
        let (file, mut anew) = State::open(&self.path).map_err(|why| self.wrong(why))?;
        if matches!(state.hold, Hold::Lost) && anew.is_empty() {
            let rows = row::head(&state.past, &state.past, state.index.end());
            self.add(&mut anew, &file, rows)?;
        }
        *state = anew;
        Ok(file)
    }

    /// Adds rows, all of them or none.
    fn add(&self, state: &mut State, file: &File, rows: Vec<Row>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let encoded = encode(rows, state.end);
        let (text, placed) = encoded.map_err(|mistake| Error::unwritable(self.describe(mistake)))?;
        file::append(file, state.end, &text).map_err(|cause| self.wrong(cause))?;
        state.end += text.len() as u64;
        for row in placed {
            state.take_in(row);
        }
        Ok(())
    }

    fn describe(&self, why: impl Display) -> String {
        describe(&self.path, why)
    }

    fn wrong(&self, why: impl Display) -> Error {
        Error::log(self.describe(why))
    }

    fn read(&self, reader: &Reader, entry: &Entry) -> Result<Record> {
        let file = reader.lock().unwrap_or_else(PoisonError::into_inner);
        match scan::read_row(&file, entry.at, entry.length) {
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
        let (mut state, file) = self.to_write()?;
        write.check_term(state.past.term)?;
        let rows = row::of_write(write, state.past.term);
        self.add(&mut state, &file, rows)
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
        let count = retention.count(entries.iter().map(|entry| entry.created));
        if count * 10 < entries.len() || count == 0 {
            return Ok(0);
        }
        self.write_anew(&mut state, &file, count)?;
        Ok(count as u64)
    }

    fn close(&self) -> Result<()> {
        let hold = std::mem::replace(&mut self.state().hold, Hold::GivenUp);
        match hold {
            Hold::Held(file) => file::unlock(&file).map_err(|cause| self.wrong(cause)),
            Hold::GivenUp | Hold::Lost => Ok(()),
        }
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
        let rows = row::head(&base, &state.past, state.index.first + count as u64);
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
        state.hold = Hold::Held(Arc::new(file));
        state.reader = Arc::new(Mutex::new(reader));
        Ok(())
    }
}

impl State {
    /// Opens the file to write to it, and reads what is in it.
    fn open(path: &Path) -> Result<(Arc<File>, Self), String> {
        let file = Arc::new(file::open(path)?);
        let reader = File::open(path).map_err(|cause| cause.to_string())?;
        let mut state = State {
            hold: Hold::Held(file.clone()),
            reader: Arc::new(Mutex::new(reader)),
            end: 0,
            past: Past::default(),
            base: Past::default(),
            index: Index::default(),
        };
        state.end = scan::read(&file, path, |placed| state.take_in(placed))?;
        Ok((file, state))
    }

    /// Whether nothing was ever written.
    fn is_empty(&self) -> bool {
        self.index.entries().is_empty() && self.past == Past::default()
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
            Row::Term(term) => self.past.term = term,
        }
    }
}

fn describe(path: &Path, why: impl Display) -> String {
    format!("`{}`: {why}", path.display())
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
        let length = scan::row_length(at, end)?;
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
