//! Timers, ordered by the next possible change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::cond::TaskId;
use crate::session::state::{Entry, State};
use crate::time::Timestamp;

/// When which task is to be looked at because of time.
///
/// A task has one timer. One that is put off stays where it is and is set anew when it is up: nearly all are put off
/// again before. One that is no longer wanted stays until its instant, or until most are of that kind.
///
/// The deadlines of runs are apart, since nearly every run ends before its own: those of runs that have ended are
/// dropped as soon as they come first.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: Heap,
    /// Timers that are up and were taken out of the heap, the first one last.
    up: Vec<Reverse<(Timestamp, TaskId)>>,
    deadlines: Heap,
}

type Heap = BinaryHeap<Reverse<(Timestamp, TaskId)>>;

/// How many invalid timers there may be at any time.
const SPARE: usize = 1024;

impl Timers {
    /// Sets the timer of a task, in place of the one it had; [`Timestamp::MAX`] sets none.
    pub(crate) fn set(&mut self, id: TaskId, entry: &mut Entry, at: Timestamp) {
        entry.wake = at;
        if at < entry.timer {
            entry.timer = at;
            self.heap.push(Reverse((at, id)));
        }
    }

    /// Sets a timer for the end of a run that began; [`Timestamp::MAX`] sets none.
    pub(crate) fn set_deadline(&mut self, id: TaskId, at: Timestamp) {
        if at < Timestamp::MAX {
            self.deadlines.push(Reverse((at, id)));
        }
    }

    /// The next instant at which a task may have to be looked at; [`Timestamp::MAX`] if there is none.
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
        [&self.heap, &self.deadlines]
            .into_iter()
            .filter_map(first)
            .min()
            .unwrap_or(Timestamp::MAX)
    }

    /// Takes the next task whose timer is up.
    pub(crate) fn pop_due(&mut self, state: &mut State, now: Timestamp) -> Option<TaskId> {
        loop {
            if self.up.is_empty() {
                self.take_up(now);
            }
            let Reverse((at, id)) = self.up.pop()?;
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

    /// Takes what is up out of the heap. One by one that costs the height of the heap each; if it is much, all are gone
    /// through once.
    fn take_up(&mut self, now: Timestamp) {
        self.up.shrink_to(SPARE);
        while first(&self.heap).is_some_and(|at| at <= now) {
            if self.up.len() > SPARE.max(self.heap.len() / 16) {
                let all = std::mem::take(&mut self.heap).into_vec();
                let (up, later): (Vec<_>, Vec<_>) = all.into_iter().partition(|Reverse((at, _))| *at <= now);
                self.up.extend(up);
                self.heap = later.into();
                break;
            }
            self.up.extend(self.heap.pop());
        }
        // Many were set in their order.
        self.up.sort();
    }

    /// Takes the next task of which a run has reached its deadline.
    pub(crate) fn pop_overdue(&mut self, state: &State, now: Timestamp) -> Option<TaskId> {
        while let Some(at) = first(&self.deadlines).filter(|at| *at <= now) {
            let Reverse((_, id)) = self.deadlines.pop()?;
            if is_awaited(state.task(id), at) {
                return Some(id);
            }
        }
        None
    }

    /// Drops the invalid timers, if they are in the majority.
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

/// Whether a run of a task has to end at this instant and has not been told to yet.
fn is_awaited(entry: &Entry, deadline: Timestamp) -> bool {
    entry
        .running
        .iter()
        .any(|run| run.deadline == deadline && run.stopped.is_none())
}
