//! Defers starts, and makes or drops deferred starts.

use super::deferred::{Deferral, DeferralChange, DeferredStart};
use super::event::SkipReason;
use super::fact_key::{DeferredFact, FactKey};
use super::run::StopReason;
use super::state::State;
use crate::task::{Overlap, delay};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Changes the deferral of a task. A deferred start is a fact, so it survives a restart.
    pub(super) fn set_deferral(&mut self, id: TaskId, deferral: Option<Deferral>) {
        let before = self.deferred.start(id);
        self.deferred.set(id, deferral);
        let after = self.deferred.start(id);
        if before != after {
            let key = FactKey::Deferred(self.task(id).spec.name.clone());
            self.facts.put(
                &key,
                after.map(|start| DeferredFact::from(start).to_json().into()),
            );
        }
    }

    /// Drops the deferred start of a task, since the task has changed.
    pub(crate) fn drop_deferred(&mut self, id: TaskId) {
        self.skip_deferred(id, SkipReason::Changed);
    }

    /// Drops the deferred start of a task.
    fn skip_deferred(&mut self, id: TaskId, reason: SkipReason) {
        let due = self.deferred.start(id).map(|start| start.due);
        self.set_deferral(id, None);
        self.skip(id, reason, due.as_slice());
    }

    /// Restores a start that was deferred when the app ended. It lies no further ahead than jitter can put it.
    pub(crate) fn restore_deferred(&mut self, id: TaskId, start: DeferredStart, now: Timestamp) {
        let latest = now.saturating_add(self.task(id).spec.rare.jitter);
        let start = DeferredStart {
            due: start.due.min(now),
            at: start.at.min(latest),
            ..start
        };
        self.deferred.set(id, Some(Deferral::Start(start)));
        self.mark(id);
    }

    /// Records that a run starts, and returns the deferred start that it fulfils. A requested run fulfils
    /// none.
    #[inline]
    pub(crate) fn begin_deferred(&mut self, id: TaskId, requested: bool) -> Option<DeferredStart> {
        if self.deferred.is_empty() {
            return None;
        }
        let start = self.deferred.start(id);
        if start.is_none() || !requested {
            self.set_deferral(id, None);
        }
        start.filter(|_| !requested)
    }

    /// When a run is due that is about to start: now, unless it was due before.
    #[inline]
    pub(crate) fn due_at(&self, id: TaskId, now: Timestamp) -> Timestamp {
        let deferred = self.deferred.start(id).map(|start| start.due);
        let held = Some(self.task(id).due_since).filter(|since| *since < Timestamp::MAX);
        deferred.or(held).unwrap_or(now)
    }

    /// When a start is made that comes now: when it is due, delayed by the task's jitter.
    #[inline]
    pub(crate) fn start_at(&self, id: TaskId, now: Timestamp) -> Timestamp {
        self.delayed(id, self.due_at(id, now))
    }

    /// An instant, delayed by the jitter of a task.
    #[inline]
    pub(crate) fn delayed(&self, id: TaskId, due: Timestamp) -> Timestamp {
        let spec = &self.task(id).spec;
        if spec.rare.jitter.is_zero() {
            return due;
        }
        due.saturating_add(delay(&spec.name, due, spec.rare.jitter))
    }

    /// Applies a decision about the deferred start of a task.
    pub(crate) fn change_deferral(&mut self, id: TaskId, change: DeferralChange, now: Timestamp) {
        match change {
            DeferralChange::Ready => self.set_deferral(id, Some(Deferral::Ready)),
            DeferralChange::Comes { at, overlaps } => {
                let due = self.due_at(id, now);
                let start = DeferredStart { due, at, overlaps };
                self.set_deferral(id, Some(Deferral::Start(start)));
                if overlaps {
                    // The following start is decided immediately.
                    self.mark(id);
                }
            }
            DeferralChange::Waits => self.note_overlap(id),
            DeferralChange::Replaces => {
                self.note_overlap(id);
                self.stop_oldest(id);
            }
            DeferralChange::Lost if self.task(id).disabled => self.skip_deferred(id, SkipReason::Disabled),
            DeferralChange::Lost => self.skip_deferred(id, SkipReason::Overlap),
        }
    }

    fn note_overlap(&mut self, id: TaskId) {
        if let Some(start) = self.deferred.start(id) {
            let overlaps = true;
            self.set_deferral(id, Some(Deferral::Start(DeferredStart { overlaps, ..start })));
        }
    }

    /// Tells the oldest run to stop, unless a run has been told to already.
    fn stop_oldest(&mut self, id: TaskId) {
        let running = &self.task(id).runs.running;
        if running.iter().all(|run| run.stopped.is_none())
            && let Some(oldest) = running.first().map(|oldest| oldest.run.number)
        {
            self.stop(id, StopReason::Replaced, |running| running.run.number == oldest);
        }
    }
}

impl Overlap {
    /// The message of a start that was deferred because the task still ran.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Overlap::Replace => "it replaces a run in progress",
            Overlap::Skip | Overlap::Queue => "it came while the task still ran",
        }
    }
}
