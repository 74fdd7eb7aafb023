//! Timers, ordered by the next possible change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::cond::TaskId;
use crate::session::state::Entry;
use crate::time::Timestamp;

/// When which task is to be looked at because of time.
///
/// A timer that is no longer valid stays until its instant, or until most are invalid: then they are swept.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Reverse<(Timestamp, TaskId, u32)>>,
}

impl Timers {
    /// Sets the timer of a task, in place of the one it had; [`Timestamp::MAX`] sets none.
    pub(crate) fn set(&mut self, id: TaskId, entry: &mut Entry, at: Timestamp) {
        if entry.wake == at {
            return;
        }
        entry.wake = at;
        entry.timer = entry.timer.wrapping_add(1);
        if at < Timestamp::MAX {
            self.heap.push(Reverse((at, id, entry.timer)));
        }
    }

    /// The next instant at which a task may have to be looked at.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// Takes the next timer that is up.
    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<(TaskId, u32)> {
        self.next().filter(|at| *at <= now)?;
        self.heap.pop().map(|Reverse((_, id, timer))| (id, timer))
    }

    /// Drops the invalid timers, if they are in the majority.
    pub(crate) fn sweep(&mut self, tasks: &[Entry]) {
        const SPARE: usize = 1024;
        if self.heap.len() > 2 * tasks.len() + SPARE {
            self.heap
                .retain(|Reverse((_, id, timer))| tasks[id.index()].timer == *timer);
        }
    }
}
