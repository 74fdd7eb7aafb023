//! The effects of decisions, which are executed once the lock is released.

use std::sync::Arc;

use super::event::{Event, Pending};
use super::failing::FailingRow;
use super::hold::HeldBy;
use super::refusals::Refusals;
use super::run::{Run, RunEnd};
use super::skip_counts::SkippedStart;
use super::state::State;
use super::waiters::Waiter;
use crate::log::{Action, Record};
use crate::param::RunId;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The effects to execute once the lock is released.
#[derive(Default)]
pub(crate) struct Effects {
    /// Records to write before anything else.
    pub(crate) records: Vec<Record>,
    /// Runs to begin, each with the place of its record among `records`.
    pub(crate) starts: Vec<(usize, Arc<Run>)>,
    /// Runs that have ended, each with the place of its record among `records`, if hooks are called about them.
    pub(crate) ends: Vec<(usize, Arc<Run>)>,
    /// Callers to answer once the records are written.
    pub(crate) answers: Vec<(Waiter, Record)>,
    /// Callers whose runs are not made.
    pub(crate) refusals: Refusals,
    /// Events to publish once the records are written, in the order in which they happened.
    pub(crate) events: Vec<Pending>,
    /// Tasks that fail repeatedly, to be reported.
    pub(crate) failing: Vec<Arc<str>>,
}

impl Effects {
    /// Ends a run, and keeps its record; with it the run, if hooks are called.
    #[inline]
    pub(super) fn end(&mut self, state: &mut State, ended: &mut RunEnd, has_hooks: bool) {
        if let Some(record) = state.end(ended) {
            if state.events.is_wanted() {
                self.announce_record(state);
            }
            if has_hooks {
                let run = ended.run.clone().map(|run| (self.records.len(), run));
                self.ends.extend(run);
            }
            self.records.push(record);
        }
    }

    /// Takes the events to publish, once their records are complete.
    #[inline]
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        if self.events.is_empty() {
            return Vec::new();
        }
        let events = std::mem::take(&mut self.events).into_iter();
        events.map(|event| event.resolve(&self.records)).collect()
    }

    /// Reports a task that pauses because it fails repeatedly, once per row of failures.
    pub(super) fn report_if_failing(&mut self, state: &State, id: TaskId, held: Option<HeldBy>) {
        if held == Some(HeldBy::Failures) && state.failing(id).is_some_and(FailingRow::is_telling) {
            self.failing.push(state.task(id).spec.name.clone());
        }
    }

    /// Adds the records of the starts that were skipped, if the run log has any.
    pub(super) fn record_skips(&mut self, state: &mut State, now: Timestamp) {
        for SkippedStart { task, due, reason } in state.skips.take_unrecorded() {
            self.records.push(Record {
                task,
                run_id: RunId::Number(state.next_run),
                action: Action::Skip,
                created: now,
                due,
                start: now,
                message: Some(reason.name().into()),
                extra: None,
            });
            state.next_run += 1;
        }
    }

    /// Adds the event of the next record.
    pub(super) fn announce_record(&mut self, state: &mut State) {
        state.events.take(&mut self.events);
        self.events.push(Pending::Record(self.records.len()));
    }
}
