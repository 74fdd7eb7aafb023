//! Records to write to a log.

use rocketry_core::{Action, Record, RunId, Timestamp};

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
