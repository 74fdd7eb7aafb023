//! Timers, ordered by the next possible change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::entry::TaskEntry;
use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The timers of tasks, and the deadlines of runs.
///
/// A task has one timer. A timer that is postponed stays where it is and is set anew when it fires: nearly all are
/// postponed again before. A cancelled timer stays until its instant, or until most timers are cancelled.
///
/// Deadlines have a heap of their own, since nearly every run ends before its deadline: those of runs that have ended are
/// dropped as soon as they come first.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: Heap,
    /// Timers that have fired and were taken out of the heap, the first one last.
    fired: Vec<Reverse<(Timestamp, TaskId)>>,
    deadlines: Heap,
}

type Heap = BinaryHeap<Reverse<(Timestamp, TaskId)>>;

/// How many cancelled timers may stay at any time.
const SPARE: usize = 1024;

impl Timers {
    /// Sets the timer of a task, in place of the one it had; [`Timestamp::MAX`] sets none.
    #[inline]
    pub(crate) fn set(&mut self, id: TaskId, entry: &mut TaskEntry, at: Timestamp) {
        entry.wake = at;
        if at < entry.timer {
            entry.timer = at;
            self.heap.push(Reverse((at, id)));
        }
    }

    /// Sets a timer for the end of a run that began; [`Timestamp::MAX`] sets none.
    #[inline]
    pub(crate) fn set_deadline(&mut self, id: TaskId, at: Timestamp) {
        if at < Timestamp::MAX {
            self.deadlines.push(Reverse((at, id)));
        }
    }

    /// Moves all deadlines by a change of the wall clock.
    pub(crate) fn shift_deadlines(&mut self, micros: i64) {
        let shift = |Reverse((at, id)): Reverse<(Timestamp, TaskId)>| Reverse((at.shifted(micros), id));
        self.deadlines = std::mem::take(&mut self.deadlines)
            .into_iter()
            .map(shift)
            .collect();
    }

    /// When the next timer fires or a run reaches its deadline; [`Timestamp::MAX`] if never.
    pub(crate) fn next(&mut self, state: &State) -> Timestamp {
        if state.active == 0 {
            self.deadlines.clear();
            self.deadlines.shrink_to(SPARE);
        }
        while let Some(Reverse((at, id))) = self.deadlines.peek()
            && !is_awaited(state.task(*id), *at)
        {
            self.deadlines.pop();
        }
        let first = |heap| first(heap).unwrap_or(Timestamp::MAX);
        first(&self.heap).min(first(&self.deadlines))
    }

    /// Takes the next task whose timer has fired.
    pub(crate) fn pop_due(&mut self, state: &mut State, now: Timestamp) -> Option<TaskId> {
        loop {
            if self.fired.is_empty() {
                self.take_fired(now);
            }
            let Reverse((at, id)) = self.fired.pop()?;
            let entry = state.task_mut(id);
            if entry.timer != at {
                continue;
            }
            entry.timer = Timestamp::MAX;
            if entry.wake <= now {
                return Some(id);
            }
            self.set(id, entry, entry.wake);
        }
    }

    /// Takes the timers that have fired out of the heap. One by one, each costs the height of the heap; if they are many,
    /// all timers are partitioned at once.
    fn take_fired(&mut self, now: Timestamp) {
        self.fired.shrink_to(SPARE);
        while first(&self.heap).is_some_and(|at| at <= now) {
            if self.fired.len() > SPARE.max(self.heap.len() / 16) {
                let all = std::mem::take(&mut self.heap).into_vec();
                let (fired, later): (Vec<_>, Vec<_>) =
                    all.into_iter().partition(|Reverse((at, _))| *at <= now);
                self.fired.extend(fired);
                self.heap = later.into();
                break;
            }
            self.fired.extend(self.heap.pop());
        }
        // Many were set in order, which sorts quickly.
        self.fired.sort_unstable();
    }

    /// Takes the next task with a run that has reached its deadline.
    pub(crate) fn pop_overdue(&mut self, state: &State, now: Timestamp) -> Option<TaskId> {
        while let Some(at) = first(&self.deadlines).filter(|at| *at <= now) {
            let Reverse((_, id)) = self.deadlines.pop()?;
            if is_awaited(state.task(id), at) {
                return Some(id);
            }
        }
        None
    }

    /// Drops the cancelled timers, if they are in the majority.
    pub(crate) fn sweep(&mut self, state: &State) {
        if self.heap.len() > 2 * state.tasks.len() + SPARE {
            self.heap.retain(|Reverse((at, id))| state.task(*id).timer == *at);
        }
        if self.deadlines.len() > 2 * state.active + SPARE {
            self.deadlines
                .retain(|Reverse((at, id))| is_awaited(state.task(*id), *at));
        }
    }
}

fn first(heap: &Heap) -> Option<Timestamp> {
    heap.peek().map(|Reverse((at, _))| *at)
}

/// Whether a run of a task has this deadline and has not been told to stop yet.
fn is_awaited(entry: &TaskEntry, deadline: Timestamp) -> bool {
    entry
        .running
        .iter()
        .any(|run| run.deadline == deadline && run.stopped.is_none())
}
