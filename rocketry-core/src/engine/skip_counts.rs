//! The starts of tasks that were due and are not made: their counts, those that are not recorded yet, and the
//! tasks that skip their next start.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::event::SkipReason;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The number of skipped starts of a task, by reason.
pub(crate) type SkipCounts = [u64; SkipReason::ALL.len()];

/// The skipped starts of the app. Few tasks have any.
#[derive(Debug, Default)]
pub(crate) struct Skips {
    counts: HashMap<TaskId, SkipCounts>,
    total: u64,
    /// The tasks whose next start by their schedule is to be skipped.
    pub(crate) next: BTreeSet<TaskId>,
    /// Whether the run log has a record of each.
    is_logged: bool,
    unrecorded: Vec<SkippedStart>,
}

/// A start that is not made.
#[derive(Debug)]
pub(crate) struct SkippedStart {
    pub(crate) task: Arc<str>,
    pub(crate) due: Timestamp,
    pub(crate) reason: SkipReason,
}

impl Skips {
    /// No skipped starts so far.
    pub(crate) fn new(is_logged: bool) -> Self {
        Skips {
            is_logged,
            ..Skips::default()
        }
    }

    /// No counts, and these tasks that are to skip their next start.
    pub(super) fn of_next(next: BTreeSet<TaskId>) -> Self {
        Skips {
            next,
            ..Skips::default()
        }
    }

    /// The counts of a task.
    pub(crate) fn of(&self, id: TaskId) -> SkipCounts {
        self.counts.get(&id).copied().unwrap_or_default()
    }

    /// Counts starts of a task, and keeps them until they are recorded if the run log has records of them.
    pub(crate) fn add(&mut self, id: TaskId, name: &Arc<str>, reason: SkipReason, due: &[Timestamp]) {
        self.counts.entry(id).or_default()[reason as usize] += due.len() as u64;
        self.total += due.len() as u64;
        if self.is_logged {
            self.unrecorded.extend(due.iter().map(|&due| SkippedStart {
                task: name.clone(),
                due,
                reason,
            }));
        }
    }

    /// Returns true if there is a start that is not recorded yet.
    pub(crate) fn has_unrecorded(&self) -> bool {
        !self.unrecorded.is_empty()
    }

    /// Takes the starts that are not recorded yet.
    pub(crate) fn take_unrecorded(&mut self) -> Vec<SkippedStart> {
        std::mem::take(&mut self.unrecorded)
    }

    /// The total number of skipped starts.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Forgets a task.
    pub(crate) fn remove(&mut self, id: TaskId) {
        self.counts.remove(&id);
    }
}
