//! The run log in an SQLite file: its reader, and the writer while the app has one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::{Error, Query, Result, RunLog};
use rusqlite::Connection;

use super::reader::Reader;
use super::restore::Lost;
use super::rollup;
use super::synchronous::Synchronous;
use super::writer::Writer;
use crate::error::Store;
use crate::find;

/// A run log in an SQLite file.
///
/// The file is in WAL mode, so readers and the writer do not block each other. While it is in use, there are
/// `app.db-wal` and `app.db-shm` beside `app.db`, and `app.db-lease`, an empty file whose lock tells which app
/// may write. The contents of `app.db-wal` are moved to `app.db` at 16 MiB, and earlier if the disk has little
/// free space.
///
/// If a file is deleted, moved or replaced while an app has the log open, the next write fails and says so. The
/// write after that opens the log that is in its place or creates a new one. A new log starts with the app's
/// past: counts, last instants, open runs and facts, but no records. A deleted lease is recreated; on Linux, a
/// lock on `app.db` itself keeps other apps out in the meantime.
///
/// ```
/// # #[cfg(any())]
/// use rocketry::{Action, Query, Rocketry, RunLog, SqliteLog};
/// # use rocketry_core::{Action, Query, Rocketry, RunLog};
/// # use rocketry_sql::SqliteLog;
///
/// # let folder = std::env::temp_dir().join(format!("rocketry-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # let file = folder.join("app.db");
/// let log = SqliteLog::open(&file)?;
/// let failures = log.query(&Query::new().action(Action::Fail).last(10))?;
/// assert!(failures.records.is_empty());
///
/// let app = Rocketry::builder().log(log); // or the address: `.log("sqlite:app.db")`
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), rocketry_core::Error>(())
/// ```
#[derive(Debug)]
pub struct SqliteLog {
    file: PathBuf,
    synchronous: Synchronous,
    store: Store,
    reader: Mutex<Reader>,
    hold: Mutex<Hold>,
    /// Whether a writer is open.
    is_held: AtomicBool,
}

/// The app's hold on the log.
#[derive(Debug, Default)]
enum Hold {
    /// The log is free for another app: nothing was written yet, or it was closed.
    #[default]
    Free,
    /// The app may write.
    Held(Box<Writer>),
    /// The files were deleted, moved or replaced. Contains the app's past, unless it could not be read.
    Lost(Option<Box<Lost>>),
}

impl SqliteLog {
    /// Opens the log in a file. Creates the file if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error if the file can't be opened or created, if it is not an SQLite database, or if its schema is newer
    /// than this version of Rocketry.
    pub fn open(file: impl Into<PathBuf>) -> Result<Self> {
        let file = file.into();
        let store = Store::new(file.display().to_string());
        let reader = Reader::open(&file, &store)?;
        Ok(SqliteLog {
            file,
            synchronous: Synchronous::default(),
            store,
            reader: Mutex::new(reader),
            hold: Mutex::default(),
            is_held: AtomicBool::new(false),
        })
    }

    /// Sets when writes are synced to disk.
    #[must_use]
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// Returns the path of the file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self) -> MutexGuard<'_, Hold> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a query on the log that is in place now. If the log is replaced while a writer is open, the writer has to
    /// notice it first: two logs at one path, both open in one process, would share the WAL and its locks.
    fn ask<T>(&self, question: impl FnOnce(&mut &Connection) -> rusqlite::Result<T>) -> Result<T> {
        let mut reader = self.reader();
        if !self.is_held.load(Ordering::Acquire) {
            reader.leave(&self.file);
        }
        let connection = reader.connection(&self.file, &self.store)?;
        question(&mut &*connection).map_err(|cause| self.store.sqlite("read", cause))
    }

    pub(super) fn with_writer<T>(&self, act: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        let mut hold = self.hold();
        if let Hold::Held(writer) = &mut *hold {
            return if writer.is_in_place()? {
                act(writer)
            } else {
                Err(self.lose(&mut hold))
            };
        }
        let lost = match &*hold {
            Hold::Lost(lost) => lost.as_deref(),
            _ => None,
        };
        self.reader().leave(&self.file);
        self.is_held.store(true, Ordering::Release);
        let opened = Writer::open(&self.file, self.synchronous, &self.store, lost);
        let mut writer = opened.inspect_err(|_| self.is_held.store(false, Ordering::Release))?;
        let done = act(&mut writer);
        *hold = Hold::Held(Box::new(writer));
        done
    }

    /// Releases files that are no longer in place.
    fn lose(&self, hold: &mut Hold) -> Error {
        const LOST: &str =
            "a file of it was deleted, moved or replaced while the app had it open; it is reopened";
        // All connections are closed before another log is opened.
        self.reader().close();
        if let Hold::Held(writer) = std::mem::take(hold) {
            *hold = Hold::Lost(writer.lose().map(Box::new));
        }
        self.is_held.store(false, Ordering::Release);
        self.store.fail("written", LOST, "other files are in their place")
    }
}

impl RunLog for SqliteLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.with_writer(|writer| writer.write(write))
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.ask(|connection| find::page(connection, query))
    }

    fn count(&self, query: &Query) -> Result<u64> {
        self.ask(|connection| find::count(connection, query))
    }

    fn load(&self) -> Result<Past> {
        self.with_writer(Writer::load)
    }

    fn look(&self) -> Result<Past> {
        self.ask(|connection| rollup::look(connection))
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        self.with_writer(|writer| writer.forget(retention))
    }

    fn close(&self) -> Result<()> {
        let mut hold = self.hold();
        *hold = Hold::Free;
        self.is_held.store(false, Ordering::Release);
        Ok(())
    }
}
