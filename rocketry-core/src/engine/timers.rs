//! Timers, ordered by the next possible change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::entry::TaskEntry;
use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The timers of tasks.
///
/// A task has one timer. A timer that is postponed stays where it is and is set anew when it fires: nearly all are
/// postponed again before. A cancelled timer stays until its instant, or until most timers are cancelled.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: Heap,
    /// Timers that have fired and were taken out of the heap, the first one last.
    fired: Vec<Reverse<(Timestamp, TaskId)>>,
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

    /// When the next timer fires; [`Timestamp::MAX`] if never.
    #[inline]
    pub(crate) fn next(&self) -> Timestamp {
        first(&self.heap).unwrap_or(Timestamp::MAX)
    }

    /// Takes the next task whose timer has fired.
    #[inline]
    pub(crate) fn pop_due(&mut self, state: &mut State, now: Timestamp) -> Option<TaskId> {
        loop {
            if self.fired.is_empty() {
                if now < self.next() {
                    return None;
                }
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

    /// Drops the cancelled timers, if they are in the majority.
    #[inline]
    pub(crate) fn sweep(&mut self, state: &State) {
        if self.heap.len() > 2 * state.tasks.kept() + SPARE {
            self.heap.retain(|Reverse((at, id))| state.task(*id).timer == *at);
        }
    }
}

fn first(heap: &Heap) -> Option<Timestamp> {
    heap.peek().map(|Reverse((at, _))| *at)
}
