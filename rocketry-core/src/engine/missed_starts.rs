//! Opens the app for its tasks, and determines the due instants of starts that were missed while it was down.

use super::due_since::true_since;
use super::standing::{standing, start_verdict};
use super::state::{Phase, State};
use crate::log::{Action, History};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Allows tasks to start according to their statements.
    pub(crate) fn open(&mut self, now: Timestamp) {
        self.enter(self.phase.max(Phase::Up));
        self.find_missed_starts(now);
        self.mark_all();
    }

    /// Determines since when tasks that are due when the app comes up have been due. An app with an unknown
    /// past has missed nothing.
    fn find_missed_starts(&mut self, now: Timestamp) {
        self.catch_up_after_break(now);
        let last_record = self
            .tasks
            .iter()
            .filter_map(|entry| last(&entry.runs.get()?.history))
            .max();
        let Some(known_until) = last_record.max(self.ended) else {
            return;
        };
        for id in self.ids() {
            if self.task(id).spec.catch_up().is_some() {
                continue;
            }
            self.skip_missed(id, known_until, now);
            if start_verdict(self, id, now, &[]).truth != Some(false)
                && let Some(since) = self.missed_since(id, known_until, now)
            {
                self.task_mut(id).due_since = since;
            }
        }
    }

    /// Returns since when a task has been due. `known_until` is the last instant at which the app is known to
    /// have run.
    fn missed_since(&self, id: TaskId, known_until: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let entry = self.task(id);
        let last = last(&entry.runs.history);
        // Events of other tasks are assumed to have happened by the end of what is known.
        let own = last.filter(|_| entry.self_contained);
        let from = own.unwrap_or(known_until).min(now);
        // A task that was due all the time and has never run is new.
        true_since(self, id, (from, now), last.is_some()).since
    }

    /// Counts the starts of a task that came while the app was down, and are not due any more. What has never run may be
    /// new.
    fn skip_missed(&mut self, id: TaskId, known_until: Timestamp, now: Timestamp) {
        let is_known = last(&self.task(id).runs.history).is_some();
        if is_known && standing(self, id, now).held_by().is_none() {
            self.skip_misfires(id, (known_until, now));
        }
    }
}

/// Returns the last event of a task while the app ran. A crash is recorded by the next start of the app.
fn last(history: &History) -> Option<Timestamp> {
    let actions = Action::OF_RUNS.iter().filter(|action| **action != Action::Crash);
    actions.filter_map(|action| history.last(*action)).max()
}
