//! How many starts of each task were due and are not made, and which tasks are to skip their next start.

use std::collections::{BTreeSet, HashMap};

use super::event::SkipReason;
use crate::task_id::TaskId;

/// How many starts of a task were skipped, by reason.
pub(crate) type SkipCounts = [u64; SkipReason::ALL.len()];

/// The skipped starts of the app. Few tasks have any.
#[derive(Debug, Default)]
pub(crate) struct Skips {
    counts: HashMap<TaskId, SkipCounts>,
    /// The tasks whose next start by their schedule is to be skipped.
    pub(crate) next: BTreeSet<TaskId>,
}

impl Skips {
    /// The counts of a task.
    pub(crate) fn of(&self, id: TaskId) -> SkipCounts {
        self.counts.get(&id).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, id: TaskId, reason: SkipReason, count: u64) {
        self.counts.entry(id).or_default()[reason as usize] += count;
    }

    /// Forgets a task.
    pub(crate) fn remove(&mut self, id: TaskId) {
        self.counts.remove(&id);
    }
}
