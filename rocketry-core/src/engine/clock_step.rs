//! The effects of a step of the wall clock: durations continue as if the clock had not been set, and instants
//! ahead of the clock count as the present.

use std::sync::Arc;

use super::deferred::{Deferral, DeferredStart};
use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Follows a change of the wall clock by `micros`; it now shows `now`.
    pub(crate) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        self.startup = self.startup.shifted(micros).min(now);
        self.crashes.follow_step(micros);
        for pause in self.pauses.iter_mut() {
            pause.since = pause.since.min(now);
        }
        for id in self.ids() {
            self.follow_step_of_task(id, micros, now);
        }
        if micros <= 0 {
            // No timer is set for the repeated instants.
            self.mark_all();
        }
    }

    fn follow_step_of_task(&mut self, id: TaskId, micros: i64, now: Timestamp) {
        // A custom condition may read the clock. The poll interval starts at its last evaluation.
        if self.task(id).is_polled() {
            self.mark(id);
        }
        let entry = self.task_mut(id);
        if let Some(runs) = entry.runs.get_mut() {
            runs.history.follow_step(micros, now);
            for run in &mut *runs.running {
                run.deadline = run.deadline.shifted(micros);
            }
        }
        entry.dependents.follow_step(micros, now);
        if entry.due_since < Timestamp::MAX {
            entry.due_since = entry.due_since.min(now);
        }
        if entry.spec.rare.waits_since.is_some_and(|since| since > now) {
            Arc::make_mut(&mut entry.spec).rare.waits_since = Some(now);
        }
        if let Some(start) = self.deferred.start(id) {
            let start = DeferredStart {
                due: start.due.min(now),
                at: start.at.shifted(micros),
                ..start
            };
            self.set_deferral(id, Some(Deferral::Start(start)));
        }
    }
}
