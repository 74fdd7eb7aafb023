//! Run logs in SQLite files.

mod address;
mod connection;
mod failure;
mod fold;
mod lease;
mod reader;
mod rows;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::{Query, Result, RunLog};
use rusqlite::Connection;

use crate::error::Store;
use crate::find;
use writer::Writer;

rocketry_core::register_log!("sqlite", address::open);

/// When what is written is on the disk for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Synchronous {
    /// When the write returns: nothing is lost when the power fails. The default.
    #[default]
    Full,
    /// Some time later: the last writes may be lost when the power fails, but not when the app dies.
    Normal,
}

/// A run log in an SQLite file.
///
/// The file is used in WAL mode, so that readers and the writer do not hold up each other: beside `app.db` there are
/// `app.db-wal` and `app.db-shm` while it is in use, and `app.db-lease`, which is empty and says which app may write.
///
/// ```
/// use rocketry_core::{Action, Query, Rocketry, RunLog};
/// use rocketry_sql::SqliteLog;
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
    reader: Mutex<Connection>,
    /// Made by whoever is the first to write: until then the log is free for another app, and once it was closed.
    writer: Mutex<Option<Writer>>,
}

impl SqliteLog {
    /// Opens the log in a file, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// Fails where the file can't be opened or made, where it is no SQLite database, and where its tables are newer than
    /// this version of Rocketry.
    pub fn open(file: impl Into<PathBuf>) -> Result<Self> {
        let file = file.into();
        let store = Store::new(file.display().to_string());
        let reader = reader::open(&file, &store)?;
        Ok(SqliteLog {
            file,
            synchronous: Synchronous::default(),
            store,
            reader: Mutex::new(reader),
            writer: Mutex::default(),
        })
    }

    /// Says when what is written is to be on the disk for good.
    #[must_use]
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_writer<T>(&self, act: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        let mut writer = self.writer();
        let writer = match &mut *writer {
            Some(writer) => writer,
            none => none.insert(Writer::open(&self.file, self.synchronous, &self.store)?),
        };
        act(writer)
    }
}

impl RunLog for SqliteLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.with_writer(|writer| writer.write(write))
    }

    fn query(&self, query: &Query) -> Result<Page> {
        find::page(&mut &*self.reader(), query).map_err(|cause| self.store.sqlite("read", cause))
    }

    fn count(&self, query: &Query) -> Result<u64> {
        find::count(&mut &*self.reader(), query).map_err(|cause| self.store.sqlite("read", cause))
    }

    fn load(&self) -> Result<Past> {
        self.with_writer(Writer::load)
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        self.with_writer(|writer| writer.forget(retention))
    }

    fn close(&self) -> Result<()> {
        *self.writer() = None;
        Ok(())
    }
}
