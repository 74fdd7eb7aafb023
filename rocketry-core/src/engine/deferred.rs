//! Deferred starts: those that are delayed by jitter, and those that fall due while the task is running.

use std::collections::HashMap;

use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The deferred starts of the app. Few tasks have one.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeferredStarts(HashMap<TaskId, Deferral>);

/// The state of a task's deferred start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deferral {
    /// There is none, but the start condition has been false since the last one, so the next time it is true
    /// counts as a new start.
    Ready,
    Start(DeferredStart),
}

/// A start that is due and made later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeferredStart {
    pub(crate) due: Timestamp,
    /// When the start is made, if the task may start then.
    pub(crate) at: Timestamp,
    /// Whether the task had as many concurrent runs as it may.
    pub(crate) overlaps: bool,
}

/// A change of a deferred start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeferralChange {
    /// The start condition is false: once it is true, a start comes.
    Ready,
    /// A start is due and is made from an instant on.
    Comes { at: Timestamp, overlaps: bool },
    /// The start waits for the end of a run.
    Waits,
    /// The start ends a run and replaces it.
    Replaces,
    /// The start is not made.
    Lost,
}

impl DeferredStarts {
    /// The deferred start of the only task of an app.
    pub(super) fn of_one(id: TaskId, deferral: Option<Deferral>) -> Self {
        DeferredStarts(deferral.map(|deferral| (id, deferral)).into_iter().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(crate) fn of(&self, id: TaskId) -> Option<Deferral> {
        self.0.get(&id).copied()
    }

    /// The deferred start of a task, if it has one.
    #[inline]
    pub(crate) fn start(&self, id: TaskId) -> Option<DeferredStart> {
        match self.of(id) {
            Some(Deferral::Start(start)) => Some(start),
            Some(Deferral::Ready) | None => None,
        }
    }

    pub(crate) fn set(&mut self, id: TaskId, deferral: Option<Deferral>) {
        match deferral {
            Some(deferral) => self.0.insert(id, deferral),
            None => self.0.remove(&id),
        };
    }

    /// The deferred starts with their tasks.
    pub(crate) fn starts(&self) -> impl Iterator<Item = (TaskId, DeferredStart)> {
        self.0.keys().filter_map(|id| Some((*id, self.start(*id)?)))
    }
}
