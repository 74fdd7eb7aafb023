//! The deleted tasks that are still kept.

use std::mem;

use crate::task_id::TaskId;

/// The number of unneeded tasks that may be kept, however few are needed.
const SPARE: usize = 64;

/// The deleted tasks that are still kept, since handles or statements may see their past.
#[derive(Default)]
pub(crate) struct DeletedTasks {
    kept: Vec<TaskId>,
    /// The number that was needed when all were last checked.
    needed: usize,
}

impl DeletedTasks {
    /// Adds a task. Returns all of them to be checked whenever their number has doubled, so the average cost of a task
    /// does not depend on their number.
    pub(super) fn add(&mut self, id: TaskId) -> Vec<TaskId> {
        self.kept.push(id);
        if self.kept.len() > 2 * self.needed + SPARE {
            mem::take(&mut self.kept)
        } else {
            Vec::new()
        }
    }

    /// Keeps those that are needed.
    pub(super) fn keep(&mut self, needed: Vec<TaskId>) {
        self.needed = needed.len();
        self.kept = needed;
    }
}
