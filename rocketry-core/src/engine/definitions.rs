//! Adds tasks and changes their definitions.

use std::sync::Arc;

use super::entry::TaskEntry;
use super::event::Event;
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
            self.events.push(|| Event::TaskAdded { task: name });
        }
        added
    }

    /// Replaces the definition of a task by that of another of the same name; returns whether the task still has the name.
    pub(crate) fn replace(&mut self, entry: TaskEntry, declared: Option<&str>, id: TaskId) -> bool {
        let name = entry.spec.name.clone();
        if self.find_exact(&name) != Some(id) {
            return false;
        }
        // The new declaration determines the short names of the task.
        self.names.remove(&name, id);
        let added = self.add_name(&name, declared, id);
        debug_assert_eq!(added, Ok(()), "the name has just been freed");
        self.facts.remove_task(&name);
        self.facts.options.remove_task(id);
        self.unsubscribe(id);
        self.forget_catch_up(id);
        let task = self.task_mut(id);
        task.spec = entry.spec;
        task.disabled = entry.disabled;
        self.drop_deferred(id);
        self.set_priority(id, entry.priority);
        self.events.push(|| Event::TaskChanged { task: name });
        true
    }

    /// Changes the definition of a task. Runs in progress keep the old one.
    pub(crate) fn edit_spec(&mut self, id: TaskId, edit: impl FnOnce(&mut Spec)) {
        let mut spec = (*self.task(id).spec).clone();
        edit(&mut spec);
        self.unsubscribe(id);
        self.task_mut(id).spec = Arc::new(spec);
        self.subscribe(id);
        self.mark(id);
        let task = self.task(id).spec.name.clone();
        self.events.push(|| Event::TaskChanged { task });
    }

    /// Disables or enables a task.
    pub(crate) fn set_disabled(&mut self, id: TaskId, disabled: bool) {
        let entry = self.task_mut(id);
        entry.disabled = disabled;
        let task = entry.spec.name.clone();
        self.mark(id);
        self.events.push(|| {
            if disabled {
                Event::TaskDisabled { task }
            } else {
                Event::TaskEnabled { task }
            }
        });
    }
}
