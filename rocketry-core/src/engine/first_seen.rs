//! Since when a task waits for its first run. This is a fact, so that an app that restarts more often than
//! the interval still runs the task.

use std::sync::Arc;

use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Lets the tasks wait from the start-up of the app on whose first run waits, unless they wait already.
    pub(super) fn wait_from_start_up(&mut self, now: Timestamp) {
        for id in self.ids() {
            if self.task(id).spec.rare.waits_since.is_some() && !self.waits_already(id) {
                self.set_waits_since(id, now);
                self.note_first_seen(id);
            }
        }
    }

    /// Records when a task was first seen that was added to the running app and whose first run waits.
    pub(crate) fn wait_from_now(&mut self, id: TaskId) {
        if self.is_started {
            self.note_first_seen(id);
        }
    }

    fn note_first_seen(&mut self, id: TaskId) {
        if let Some(since) = self.waits_since_for_first_run(id) {
            let task = self.task(id).spec.name.clone();
            self.facts.note_first_seen(&task, since);
        }
    }

    /// Restores when a task was first seen in an earlier life of the app.
    pub(crate) fn restore_first_seen(&mut self, id: TaskId, since: Timestamp, now: Timestamp) {
        let task = self.task(id).spec.name.clone();
        self.facts.restore_first_seen(task.clone());
        if self.waits_since_for_first_run(id).is_some() {
            self.set_waits_since(id, since.min(now));
        } else {
            self.facts.forget_first_seen(&task);
        }
    }

    /// Since when a task waits that has never run.
    pub(crate) fn waits_since_for_first_run(&self, id: TaskId) -> Option<Timestamp> {
        let entry = self.task(id);
        let never_ran = !entry.runs.history.has_run();
        entry.spec.rare.waits_since.filter(|_| never_ran)
    }

    fn waits_already(&self, id: TaskId) -> bool {
        self.facts.knows_first_seen(&self.task(id).spec.name)
    }

    fn set_waits_since(&mut self, id: TaskId, since: Timestamp) {
        let spec = Arc::make_mut(&mut self.task_mut(id).spec);
        spec.rare.waits_since = Some(since);
    }
}
