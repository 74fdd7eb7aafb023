//! Opens the app for its tasks. Starts that were missed while it was down are due since when they would have been made.

use super::look_back::true_since;
use super::standing::{standing, start_verdict};
use super::state::{Phase, State};
use crate::log::{Action, History};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Lets tasks start as their statements say.
    pub(crate) fn open(&mut self, now: Timestamp) {
        self.enter(self.phase.max(Phase::Up));
        self.find_missed_starts(now);
        self.mark_all();
    }

    /// Finds out since when the tasks are due that are due when the app comes up. An app whose past is not known has
    /// missed nothing.
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

    /// Since when a task is due. `known_until` is when something was last known of the app before.
    fn missed_since(&self, id: TaskId, known_until: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let entry = self.task(id);
        let last = last(&entry.runs.history);
        // What happened to others is taken to have happened by the end of what is known.
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

/// When something last happened to a task while the app was there. A crash is recorded by the next start of the app.
fn last(history: &History) -> Option<Timestamp> {
    let actions = Action::OF_RUNS.iter().filter(|action| **action != Action::Crash);
    actions.filter_map(|action| history.last(*action)).max()
}
