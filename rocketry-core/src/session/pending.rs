//! Starts that are due and made later: those that jitter spreads, and those that come while the task still runs.

use std::collections::HashMap;

use super::notes::{Key, PendingNote};
use super::run::StopReason;
use super::state::State;
use crate::cond::{Facts, Observation, TaskId};
use crate::log::History;
use crate::param::Params;
use crate::task::{Overlap, delay};
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// How many changes of a condition are stepped through to find when it is true next.
const MAX_STEPS: usize = 256;

/// What a run waits for while its task runs as often as it may.
pub(super) const RUN_UNDER_WAY: &str = "the end of a run under way";

/// The starts to come, of the few tasks that have one.
#[derive(Debug, Default)]
pub(crate) struct PendingStarts(HashMap<TaskId, Pending>);

/// How a task stands with a start to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// There is none, but its start condition has been false since the last one: once it is true, another comes.
    Ready,
    Start(Later),
}

/// A start that is due and made later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Later {
    pub(crate) due: Timestamp,
    /// When it is made, if the task may start then.
    pub(crate) at: Timestamp,
    /// Whether as many runs were under way as may be.
    pub(crate) overlaps: bool,
}

/// What becomes of a start to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The start condition is false: once it is true, a start comes.
    Ready,
    /// It is due, and is made from an instant on.
    Comes { at: Timestamp, overlaps: bool },
    /// It waits for the end of a run.
    Waits,
    /// A run has to end for it.
    Replaces,
    /// It is not made.
    Lost,
}

impl PendingStarts {
    pub(crate) fn of(&self, id: TaskId) -> Option<Pending> {
        self.0.get(&id).copied()
    }

    fn start(&self, id: TaskId) -> Option<Later> {
        match self.of(id) {
            Some(Pending::Start(later)) => Some(later),
            Some(Pending::Ready) | None => None,
        }
    }

    /// The starts to come, with their tasks.
    pub(super) fn starts(&self) -> impl Iterator<Item = (TaskId, Later)> {
        self.0.keys().filter_map(|id| Some((*id, self.start(*id)?)))
    }

    /// What a task waits for, in words.
    pub(super) fn describe(&self, id: TaskId) -> Option<String> {
        let later = self.start(id)?;
        Some(if later.overlaps {
            RUN_UNDER_WAY.to_owned()
        } else {
            format!("its jitter, until {}", later.at)
        })
    }
}

impl State {
    /// Changes how a task stands with a start to come; one that comes is known after a restart.
    fn set_pending(&mut self, id: TaskId, pending: Option<Pending>) {
        let before = self.pending.start(id);
        match pending {
            Some(pending) => self.pending.0.insert(id, pending),
            None => self.pending.0.remove(&id),
        };
        let after = self.pending.start(id);
        if before != after {
            let key = Key::Pending(self.task(id).spec.name.clone());
            self.notes
                .put(&key, after.map(|later| PendingNote::from(later).words().into()));
        }
    }

    /// Lets no start come that was to.
    pub(super) fn forget_pending(&mut self, id: TaskId) {
        self.set_pending(id, None);
    }

    /// Takes a start up that was to come when the app ended. None lies further ahead than jitter can put it.
    pub(super) fn restore_pending(&mut self, id: TaskId, later: Later, now: Timestamp) {
        let latest = now.saturating_add(self.task(id).spec.rare.jitter);
        let later = Later {
            due: later.due.min(now),
            at: later.at.min(latest),
            ..later
        };
        self.pending.0.insert(id, Pending::Start(later));
        self.touch(id);
    }

    /// Notes that a run begins, and tells whether it is the start to come. One that was asked for is not.
    pub(super) fn begin_pending(&mut self, id: TaskId, asked: bool) -> Option<Later> {
        if self.pending.0.is_empty() {
            return None;
        }
        let later = self.pending.start(id);
        if later.is_none() || !asked {
            self.forget_pending(id);
        }
        later.filter(|_| !asked)
    }

    /// When a run is due that is about to start: now, unless it was before.
    pub(crate) fn due_at(&self, id: TaskId, now: Timestamp) -> Timestamp {
        let pending = self.pending.start(id).map(|later| later.due);
        let held = Some(self.task(id).held_since).filter(|since| *since < Timestamp::MAX);
        pending.or(held).unwrap_or(now)
    }

    /// When a start is made that comes now: when it is due, or as much later as jitter says.
    pub(crate) fn start_at(&self, id: TaskId, now: Timestamp) -> Timestamp {
        self.delayed(id, self.due_at(id, now))
    }

    fn delayed(&self, id: TaskId, due: Timestamp) -> Timestamp {
        let spec = &self.task(id).spec;
        if spec.rare.jitter.is_zero() {
            return due;
        }
        due.saturating_add(delay(&spec.name, due, spec.rare.jitter))
    }

    /// When a start is made next, as things are: that of one to come, or of the next that comes. `None` if passing of
    /// time alone makes none.
    pub(super) fn next_start(&self, id: TaskId, now: Timestamp) -> Option<Timestamp> {
        let entry = self.task(id);
        if entry.disabled {
            return None;
        }
        if let Some(later) = self.pending.start(id) {
            return Some(later.at.max(now));
        }
        let plan = &entry.spec.start.as_ref()?.plan;
        let overlaps = entry.is_full() && entry.spec.overlap != Overlap::Skip;
        let over = RunsOver(self);
        let facts: &dyn Facts = if overlaps { &over } else { self };
        let mut ready = !overlaps || self.pending.of(id) == Some(Pending::Ready);
        let mut at = now;
        for _ in 0..MAX_STEPS {
            let verdict = plan.observe(&Observation {
                now: at,
                zone: entry.spec.zone,
                owner: id,
                facts,
                answers: &[],
            });
            let holds = verdict.truth != Some(false);
            if holds && ready {
                return Some(if at == now {
                    self.start_at(id, now).max(now)
                } else {
                    self.delayed(id, at)
                });
            }
            ready |= !holds;
            at = verdict.until;
            if at == Timestamp::MAX {
                break;
            }
        }
        None
    }

    pub(crate) fn change_pending(&mut self, id: TaskId, change: Change, now: Timestamp) {
        match change {
            Change::Ready => self.set_pending(id, Some(Pending::Ready)),
            Change::Comes { at, overlaps } => {
                let due = self.due_at(id, now);
                let later = Later { due, at, overlaps };
                self.set_pending(id, Some(Pending::Start(later)));
                if overlaps {
                    // What follows from it is decided at once.
                    self.touch(id);
                }
            }
            Change::Waits => self.note_overlap(id),
            Change::Replaces => {
                self.note_overlap(id);
                self.stop_oldest(id);
            }
            Change::Lost => self.forget_pending(id),
        }
    }

    fn note_overlap(&mut self, id: TaskId) {
        if let Some(later) = self.pending.start(id) {
            let overlaps = true;
            self.set_pending(id, Some(Pending::Start(Later { overlaps, ..later })));
        }
    }

    /// Tells the oldest run to end, unless one has to end already.
    fn stop_oldest(&mut self, id: TaskId) {
        let running = &self.task(id).running;
        if running.iter().all(|run| run.stopped.is_none())
            && let Some(oldest) = running.first().map(|oldest| oldest.run.clone())
        {
            self.stop(id, StopReason::Replaced, |running| {
                std::sync::Arc::ptr_eq(&running.run, &oldest)
            });
        }
    }
}

impl Overlap {
    /// Why a run is recorded as late that came while as many were under way as may be.
    pub(super) fn message(self) -> &'static str {
        match self {
            Overlap::Replace => "it takes the place of a run that was under way",
            Overlap::Skip | Overlap::Queue => "it came while the task still ran",
        }
    }
}

/// The app as it would be if the runs of the task that asks were over: whether another start has come.
pub(crate) struct RunsOver<'a>(pub(crate) &'a State);

impl Facts for RunsOver<'_> {
    fn history(&self, task: TaskId) -> &History {
        self.0.history(task)
    }

    fn startup(&self) -> Timestamp {
        self.0.startup()
    }

    fn cycles(&self) -> u64 {
        self.0.cycles()
    }

    fn params(&self) -> &Params {
        Facts::params(self.0)
    }

    fn poll_interval(&self) -> Delta {
        self.0.poll_interval()
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        self.0.waits_since(task)
    }

    fn are_runs_over(&self) -> bool {
        true
    }
}
