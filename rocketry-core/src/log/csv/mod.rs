//! The run log as a CSV file, which any spreadsheet can open.

mod file;
mod index;
mod row;
mod scan;
mod scheme;

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Cursor, Order, Page, Past, Query, Record, Records, Retention, RunLog, Write};
use crate::error::{Error, Result};
use file::describe;
use index::{Entry, Index};
use row::Row;
use scan::Placed;

/// A run log in a CSV file: `Rocketry::new().log("csv:tasks.csv")`. Needs the feature `csv`.
///
/// The header has the names of Python's Rocketry: `task_name`, `run_id`, `action`, `created`, `due`, `start`,
/// `end`, `runtime` and `lateness` in seconds, `message`, `exit_code`, `exit_signal`, `output`, `params`,
/// `result`, `version`, `cause`, `upstream`. The column `part` marks the rows that were written together, and
/// the texts that are empty rather than missing. Rows with the action `fact`, `past`, `open`, `forgotten` or
/// `term` are not records; they hold what else an app needs when it starts again. U+0000 is stored as U+FFFD.
/// as U+FFFD.
///
/// The file only grows, and each write is synced to disk before anything depends on it. When the log is opened,
/// a torn write at the end, for instance after a power failure, is moved to `tasks.csv.torn` and reported to
/// `tracing`. Any other row that can't be read is an error that names its line, and the file is left unchanged.
/// One app at a time may have the file open; others may read it. Deleting old records rewrites the file.
///
/// If the file is deleted, moved or replaced while an app has it open, the next write fails and says so. The
/// write after that opens the file that is in its place or creates a new one. A new file starts with the app's
/// past: counts, last instants, open runs and facts, but no records.
///
/// An index in memory, about 40 bytes per record, finds a page without reading other records; opening the file
/// reads all of it once. This suits up to a few million records. Use a database for more.
pub struct CsvLog {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    hold: Hold,
    /// The same file, opened again: reading must not move the position of a write.
    reader: Reader,
    /// Where the next write goes.
    end: u64,
    past: Past,
    /// The past of the deleted records.
    base: Past,
    index: Index,
}

/// The state of the write lock.
enum Hold {
    /// The file is locked and can be written.
    Held(Arc<File>),
    /// The right to write was released.
    GivenUp,
    /// The file was deleted, moved or replaced.
    Lost,
}

/// A file shared by readers.
type Reader = Arc<Mutex<File>>;

/// How many candidates are collected at once under the lock.
const CHUNK: usize = if cfg!(test) { 8 } else { 512 };

impl CsvLog {
    /// Opens a file, or creates it.
    ///
    /// # Errors
    ///
    /// [`Error::is_log`] is true if the file can't be read or written, if another app has it open, or if a row is
    /// invalid; the message names the file and the line.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let (_, state) = State::open(&path).map_err(|why| Error::log(describe(&path, why)))?;
        let state = Mutex::new(state);
        Ok(CsvLog { path, state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the state and the file for a write. Opens the file again if it was released or lost.
    fn to_write(&self) -> Result<(MutexGuard<'_, State>, Arc<File>)> {
        const LOST: &str =
            "the file was deleted, moved or replaced while the app had it open; it is reopened";
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

    /// Opens the file that is at the path now.
    fn reopen(&self, state: &mut State) -> Result<Arc<File>> {
        let (file, mut anew) = State::open(&self.path).map_err(|why| self.wrong(why))?;
        if matches!(state.hold, Hold::Lost) && anew.is_empty() {
            let rows = row::head(&state.past, &state.past, state.index.end());
            self.add(&mut anew, &file, rows)?;
        }
        *state = anew;
        Ok(file)
    }

    /// Appends rows, all of them or none.
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

    /// Returns some records that may match, with their places, in the order of the query, and the file that
    /// contains them.
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

    /// Reads records only if the query needs more than their task, action and time.
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
        let most = query.limit.unwrap_or(usize::MAX);
        if rest == Query::new() {
            return Ok(self.state().index.count(&all).min(most as u64));
        }
        let mut found = Records::new(self, all).take(most);
        found.try_fold(0, |count, record| record.map(|_| count + 1))
    }

    fn load(&self) -> Result<Past> {
        Ok(self.to_write()?.0.past.clone())
    }

    /// The state that was read when the log was opened, with everything written since.
    fn look(&self) -> Result<Past> {
        Ok(self.state().past.clone())
    }

    /// Rewrites the file once at least a tenth of its records can go.
    fn forget(&self, retention: &Retention) -> Result<u64> {
        let (mut state, file) = self.to_write()?;
        let entries = state.index.entries();
        let count = retention.count(entries.iter().map(|entry| entry.created));
        if count * 10 < entries.len() || count == 0 {
            return Ok(0);
        }
        self.rewrite(&mut state, &file, count)?;
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
    /// Rewrites the file without its first `count` records.
    fn rewrite(&self, state: &mut State, old: &File, count: usize) -> Result<()> {
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
        // The rest is copied unchanged, facts included: the last value of a fact counts.
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
    /// Opens the file for writing and reads it.
    fn open(path: &Path) -> Result<(Arc<File>, Self), String> {
        let file = Arc::new(file::open(path)?);
        let reader = File::open(path).map_err(|cause| cause.to_string())?;
        let mut state = State::new(Hold::Held(file.clone()), reader);
        state.end = scan::read(&file, path, |placed| state.take_in(placed))?;
        Ok((file, state))
    }

    fn new(hold: Hold, reader: File) -> Self {
        State {
            hold,
            reader: Arc::new(Mutex::new(reader)),
            end: 0,
            past: Past::default(),
            base: Past::default(),
            index: Index::default(),
        }
    }

    /// Returns whether the file has never been written to.
    fn is_empty(&self) -> bool {
        self.index.entries().is_empty() && self.past == Past::default()
    }

    /// The position of the record with index `count`, or the end of the file.
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

/// Encodes the rows of one write, and returns the position of each.
fn encode(rows: Vec<Row>, at: u64) -> csv::Result<(Vec<u8>, Vec<Placed>)> {
    let of = rows.len();
    encode_with(rows, at, |number| format!("{number}/{of}"))
}

/// Encodes rows of which each can be read alone.
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

        /// Small zones and pages exercise every way of finding records.
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
