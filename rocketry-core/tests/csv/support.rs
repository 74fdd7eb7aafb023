//! What is written to a log, and what is in its file then.

use std::path::Path;

use rocketry_core::log::Write;
use rocketry_core::{Action, Record, RunLog};

use crate::records::record;

/// What happens to a run, all of it in the first second of 2026.
pub(crate) fn write(log: &impl RunLog, run: u64, actions: &[Action]) {
    let records: Vec<Record> = actions
        .iter()
        .map(|action| record("work", run, *action, 0))
        .collect();
    log.write(&Write::records(&records)).unwrap();
}

pub(crate) fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
