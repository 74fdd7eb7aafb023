//! How many starts of each task were due and are not made.

use std::collections::HashMap;

use super::event::SkipReason;
use crate::task_id::TaskId;

/// How many starts of a task were skipped, by reason.
pub(crate) type SkipCounts = [u64; SkipReason::ALL.len()];

/// The skipped starts of the app. Few tasks have any.
#[derive(Debug, Default)]
pub(crate) struct Skips(HashMap<TaskId, SkipCounts>);

impl Skips {
    /// The counts of a task.
    pub(crate) fn of(&self, id: TaskId) -> SkipCounts {
        self.0.get(&id).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, id: TaskId, reason: SkipReason, count: u64) {
        self.0.entry(id).or_default()[reason as usize] += count;
    }

    /// Forgets a task.
    pub(crate) fn remove(&mut self, id: TaskId) {
        self.0.remove(&id);
    }
}
