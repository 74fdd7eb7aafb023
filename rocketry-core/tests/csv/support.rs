//! Folders, files and records.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rocketry_core::log::Write;
use rocketry_core::{Action, Record, RunId, RunLog, Timestamp};

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rocketry-csv-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn record(task: &str, run: u64, action: Action) -> Record {
    let at: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
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

pub(crate) fn write(log: &impl RunLog, run: u64, actions: &[Action]) {
    let records: Vec<Record> = actions
        .iter()
        .map(|action| record("work", run, *action))
        .collect();
    log.write(&Write::records(&records)).unwrap();
}

pub(crate) fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
