//! Adds tasks and changes their definitions.

use std::sync::Arc;

use super::entry::TaskEntry;
use super::spec::Spec;
use super::state::State;
use crate::task_id::TaskId;

impl State {
    /// Adds a task behind the others; returns `false` if its name is taken.
    pub(crate) fn add(&mut self, entry: TaskEntry, declared: Option<&str>, id: TaskId) -> bool {
        let name = entry.spec.name.clone();
        let added = self.add_name(&name, declared, id).is_ok();
        if added {
            self.tasks.push(entry);
        }
        added
    }

    /// Replaces the definition of a task by that of another of the same name; returns whether the task still has the name.
    pub(crate) fn replace(&mut self, entry: TaskEntry, declared: Option<&str>, id: TaskId) -> bool {
        let name = entry.spec.name.clone();
        if self.find_exact(&name) != Some(id) {
            return false;
        }
        // The new declaration decides what the task may be called for short.
        self.names.remove(&name, id);
        let added = self.add_name(&name, declared, id);
        debug_assert_eq!(added, Ok(()), "the name has just been freed");
        let old = self.task(id).spec.clone();
        self.facts.remove_task(&name, &old.params);
        let task = self.task_mut(id);
        task.spec = entry.spec;
        task.disabled = entry.disabled;
        self.forget_deferred(id);
        self.set_priority(id, entry.priority);
        true
    }

    /// Changes the definition of a task. Runs under way keep the old one.
    pub(crate) fn edit_spec(&mut self, id: TaskId, edit: impl FnOnce(&mut Spec)) {
        let entry = self.task_mut(id);
        let mut spec = (*entry.spec).clone();
        edit(&mut spec);
        entry.spec = Arc::new(spec);
        self.subscribe(id);
        self.mark(id);
    }
}
