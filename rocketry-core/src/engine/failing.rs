//! Tasks that would start again immediately after each failed run: they pause in between, longer with each
//! failure in a row.
//!
//! The history contains the number of failed runs and their times, so the pause survives a restart.

use super::crashes::LONGEST_PAUSE;
use super::state::State;
use crate::task_id::TaskId;
use crate::time::{Timestamp, doubled};

/// The number of failures in a row after which a failing loop is reported.
const TELLING: u32 = 3;

/// Runs of a task that have failed in a row, up to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FailingRow {
    pub(crate) failures: u32,
    /// When the pause after the last of them is over.
    pub(crate) until: Timestamp,
}

impl FailingRow {
    /// Returns true if the row has just become long enough to be reported.
    pub(crate) fn is_telling(self) -> bool {
        self.failures == TELLING
    }
}

impl State {
    /// The failures of a task in a row, if a pause follows them. A task that is full makes no start anyway.
    #[inline]
    pub(crate) fn failing(&self, id: TaskId) -> Option<FailingRow> {
        let entry = self.task(id);
        let (failures, at) = entry.runs.history.failing().filter(|_| !entry.is_full())?;
        let first = self.settings.pause_after_failure.filter(|_| failures > 0)?;
        let first = rocketry_syntax::ast::Delta::from(first);
        let pause = doubled(first, failures - 1, LONGEST_PAUSE.max(first));
        Some(FailingRow {
            failures,
            until: at.saturating_add(pause),
        })
    }
}
