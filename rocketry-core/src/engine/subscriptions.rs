//! Subscribes tasks to what their statements mention.

use super::entry::{insert_sorted, remove_sorted};
use super::spec::Statement;
use super::state::State;
use crate::cond::Need;
use crate::task_id::TaskId;

impl State {
    /// Subscribes a task to the tasks, parameters and cycles that its statements mention, and has the history kept that
    /// they look back to. Returns what of that history was not kept so far.
    pub(crate) fn subscribe(&mut self, id: TaskId) -> Vec<Need> {
        let mut missed = Vec::new();
        let spec = self.task(id).spec.clone();
        self.task_mut(id).self_contained = spec.is_self_contained();
        for statement in spec.statements() {
            let depends = statement.plan.depends();
            for other in depends.tasks.into_iter().filter(|other| *other != id) {
                let on_start = depends.starts.contains(&other);
                self.task_mut(other).dependents.add(id, on_start);
            }
            if depends.params {
                insert_sorted(&mut self.on_params, id);
            }
            if depends.cycles {
                insert_sorted(&mut self.on_cycles, id);
            }
            missed.append(&mut self.keep_history(id, statement));
        }
        missed
    }

    /// Cancels the subscriptions of a task.
    pub(crate) fn unsubscribe(&mut self, id: TaskId) {
        let spec = self.task(id).spec.clone();
        for statement in spec.statements() {
            let depends = statement.plan.depends();
            for other in depends.tasks.into_iter().filter(|other| *other != id) {
                self.task_mut(other).dependents.remove(id);
            }
            if depends.params {
                remove_sorted(&mut self.on_params, id);
            }
            if depends.cycles {
                remove_sorted(&mut self.on_cycles, id);
            }
        }
    }

    /// Has the history kept that a statement of a task looks back to. Returns what of it was not kept so far.
    pub(crate) fn keep_history(&mut self, id: TaskId, statement: &Statement) -> Vec<Need> {
        let mut missed = Vec::new();
        for need in statement.plan.needs() {
            let whose = need.task.unwrap_or(id);
            if self.task_mut(whose).runs.history.keep(need.series, need.horizon) {
                missed.push(Need {
                    task: Some(whose),
                    ..need
                });
            }
        }
        missed
    }
}
