//! Releases deleted tasks once nothing can see them any more.

use std::collections::HashSet;
use std::sync::Arc;

use super::state::State;
use crate::task_id::TaskId;

impl State {
    /// Records that a task was deleted, and releases earlier deleted tasks that are no longer needed.
    pub(super) fn note_deleted(&mut self, id: TaskId) {
        let mut kept = self.tasks.deleted.add(id);
        if kept.is_empty() {
            return;
        }
        let declared: HashSet<TaskId> = self.facts.options.mentioned().collect();
        kept.retain(|id| {
            let needed = declared.contains(id) || self.is_needed(*id);
            if !needed {
                self.tasks.let_go(*id);
            }
            needed
        });
        kept.shrink_to_fit();
        self.tasks.deleted.keep(kept);
    }

    /// Returns true if a handle, a run or a statement may see a deleted task, or the scheduler has not looked at it since. Handles and
    /// runs share its name.
    fn is_needed(&self, id: TaskId) -> bool {
        let entry = self.task(id);
        let is_seen = Arc::strong_count(&entry.spec) > 1 || Arc::strong_count(&entry.spec.name) > 1;
        is_seen || entry.dirty || !entry.runs.running.is_empty() || !entry.dependents.is_empty()
    }
}
