//! Records to write, and places to write them to.

#[cfg(any(feature = "postgres-tls", feature = "sqlite"))]
use std::path::PathBuf;
#[cfg(any(feature = "postgres-tls", feature = "sqlite"))]
use std::sync::atomic::{AtomicU32, Ordering};

use rocketry_core::{Action, Record, RunId, Timestamp};

/// A folder that goes away with the test.
#[cfg(any(feature = "postgres-tls", feature = "sqlite"))]
pub(crate) struct Folder(PathBuf);

#[cfg(any(feature = "postgres-tls", feature = "sqlite"))]
impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("rocketry-sql-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

#[cfg(any(feature = "postgres-tls", feature = "sqlite"))]
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The record of something that happened so many seconds after the start of 2026.
pub(crate) fn record(task: &str, run: u64, action: Action, second: i64) -> Record {
    let at = Timestamp::from_micros(1_767_225_600_000_000 + second * 1_000_000);
    Record {
        task: task.into(),
        run_id: RunId::Number(run),
        action,
        created: at,
        due: at,
        start: at,
        message: None,
        extra: None,
    }
}

/// Runs of a task, each with a start and an end, one a second.
pub(crate) fn runs(task: &str, numbers: std::ops::Range<u64>) -> Vec<Record> {
    let start_and_end = |run: u64| {
        let second = run.cast_signed();
        [Action::Run, Action::Success].map(|action| record(task, run, action, second))
    };
    numbers.flat_map(start_and_end).collect()
}
