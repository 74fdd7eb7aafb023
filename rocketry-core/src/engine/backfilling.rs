//! Makes the runs of backfills.

use super::backfill::{BackfillOrder, BackfillPlace};
use super::event::Event;
use super::fact_key::FactKey;
use super::run::RunNumber;
use super::state::State;
use crate::log::Action;
use crate::task_id::TaskId;

impl State {
    /// Starts a backfill. It is a fact, so it survives a restart.
    pub(crate) fn start_backfill(&mut self, id: TaskId, order: BackfillOrder) -> u64 {
        let task = self.task(id).spec.name.clone();
        self.facts.set(&FactKey::Backfill(task.clone()), to_json(&order));
        let number = self.backfills.start(id, order);
        if let Some(progress) = self.backfills.progress(id, number) {
            self.events.push(|| Event::BackfillStarted { task, progress });
        }
        self.end_backfill_if_over(id);
        self.mark(id);
        number
    }

    /// Returns true if the next run of a task's backfill may begin. An app that runs only what is requested makes none.
    #[inline]
    pub(crate) fn is_backfill_ready(&self, id: TaskId) -> bool {
        !self.only_requested && self.backfills.is_ready(id)
    }

    /// Counts a run of a backfill that begins, in the same write as the record of its start.
    pub(super) fn begin_backfilled(&mut self, id: TaskId, run: RunNumber) {
        if let Some(place) = self.backfills.begin(id, run) {
            self.note_place(id, place);
        }
    }

    /// Counts the end of a run, if it belongs to a backfill.
    #[inline]
    pub(super) fn end_backfilled(&mut self, id: TaskId, run: RunNumber, action: Action) {
        if let Some(place) = self.backfills.end(id, run, action) {
            self.note_place(id, place);
            self.end_backfill_if_over(id);
        }
    }

    /// Cancels the backfill of a task, if it has one with this number. Runs in progress continue.
    pub(crate) fn cancel_backfill(&mut self, id: TaskId, number: u64) {
        if self.backfills.of(id).is_some_and(|open| open.number == number) {
            self.close_backfill(id, true);
            self.mark(id);
        }
    }

    /// Ends the backfill of a task.
    pub(super) fn close_backfill(&mut self, id: TaskId, cancelled: bool) {
        let Some(progress) = self.backfills.close(id, cancelled) else {
            return;
        };
        let task = self.task(id).spec.name.clone();
        self.facts.remove(&FactKey::Backfill(task.clone()));
        self.facts.remove(&FactKey::BackfillPlace(task.clone()));
        self.events.push(|| Event::BackfillEnded { task, progress });
    }

    fn end_backfill_if_over(&mut self, id: TaskId) {
        if self
            .backfills
            .of(id)
            .is_some_and(|open| open.progress().is_over())
        {
            self.close_backfill(id, false);
        }
    }

    /// Restores the progress of a backfill from an earlier life of the app.
    pub(crate) fn restore_place(&mut self, id: TaskId, place: BackfillPlace) {
        self.backfills.go_on_from(id, place);
        self.end_backfill_if_over(id);
    }

    fn note_place(&mut self, id: TaskId, place: BackfillPlace) {
        let task = self.task(id).spec.name.clone();
        self.facts.set(&FactKey::BackfillPlace(task), to_json(&place));
    }
}

/// The JSON of a fact of a backfill.
pub(crate) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("names, numbers and instants can be turned into JSON")
}
