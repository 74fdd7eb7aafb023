//! A log that can be made to fail, and outlives its app.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rocketry_core::log::{Page, Past, Retention, RunLog, Write};
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Error, MemoryLog, Query, Record, Result, Rocketry, Zone};

/// A Thursday.
pub(crate) const START: &str = "2026-01-01T00:00:00Z";

/// A log for which the scheduler needs a thread: copies are the same log, also after its app has ended.
#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<Inner>);

#[derive(Default)]
struct Inner {
    log: MemoryLog,
    full: AtomicBool,
    /// A text that it can never keep.
    refused: Mutex<Option<String>>,
    /// How many writes were tried.
    tries: AtomicUsize,
    numbers: Mutex<Vec<u64>>,
    /// How many records were forgotten each time.
    bites: Mutex<Vec<u64>>,
    keeps_all: AtomicBool,
    /// How many writes had been tried each time that it was closed.
    closings: Mutex<Vec<usize>>,
}

impl Disk {
    pub(crate) fn fill(&self, full: bool) {
        self.0.full.store(full, Ordering::SeqCst);
    }

    /// Lets it refuse for good whatever has this text as the name of a task, as a message or in a key.
    pub(crate) fn refuse(&self, text: &str) {
        *self.0.refused.lock().unwrap() = Some(text.to_owned());
    }

    fn refuses(&self, write: &Write<'_>) -> bool {
        let refused = self.0.refused.lock().unwrap();
        let Some(text) = refused.as_deref() else {
            return false;
        };
        let of_record = |record: &Record| &*record.task == text || record.message.as_deref() == Some(text);
        write.records.iter().any(of_record) || write.facts.iter().any(|fact| fact.key.contains(text))
    }

    pub(crate) fn tries(&self) -> usize {
        self.0.tries.load(Ordering::SeqCst)
    }

    pub(crate) fn bites(&self) -> Vec<u64> {
        self.0.bites.lock().unwrap().clone()
    }

    /// Lets it panic when it is to forget something.
    pub(crate) fn keep_all(&self) {
        self.0.keeps_all.store(true, Ordering::SeqCst);
    }

    pub(crate) fn closings(&self) -> Vec<usize> {
        self.0.closings.lock().unwrap().clone()
    }

    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.0
            .numbers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl RunLog for Disk {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.0.tries.fetch_add(1, Ordering::SeqCst);
        self.0.numbers.lock().unwrap().extend(write.number);
        if self.0.full.load(Ordering::SeqCst) {
            return Err(Error::log("the disk is full"));
        }
        if self.refuses(write) {
            return Err(Error::unwritable("it is too long"));
        }
        self.0.log.write(write)
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.0.log.query(query)
    }

    fn load(&self) -> Result<Past> {
        self.0.log.load()
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        assert!(!self.0.keeps_all.load(Ordering::SeqCst), "nothing is forgotten");
        let forgotten = self.0.log.forget(retention)?;
        self.0.bites.lock().unwrap().push(forgotten);
        Ok(forgotten)
    }

    fn close(&self) -> Result<()> {
        self.0.closings.lock().unwrap().push(self.tries());
        if self.0.full.load(Ordering::SeqCst) {
            return Err(Error::log("a full disk can't be closed"));
        }
        Ok(())
    }
}

/// An app in UTC that writes to a disk.
pub(crate) fn app(disk: &Disk) -> Rocketry {
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    Rocketry::builder().config(config).log(disk.clone())
}

/// Starts an app at [`START`].
pub(crate) fn start(app: Rocketry) -> TestApp {
    TestApp::start(app, START).unwrap()
}
