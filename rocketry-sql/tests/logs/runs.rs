//! Runs to write to a log.

use rocketry_core::{Action, Record};

use crate::records::record;

/// Runs of a task, each with a start and an end, one a second.
pub(crate) fn runs(task: &str, numbers: std::ops::Range<u64>) -> Vec<Record> {
    let start_and_end = |run: u64| {
        let second = run.cast_signed();
        [Action::Run, Action::Success].map(|action| record(task, run, action, second))
    };
    numbers.flat_map(start_and_end).collect()
}
