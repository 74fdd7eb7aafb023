//! The ready queue: the tasks to decide, in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::task_id::TaskId;

/// A task's place in the order of a cycle: by priority, then as tasks were declared.
pub(crate) type Turn = (Reverse<i32>, TaskId);

/// The capacity kept from one cycle to the next.
const SPARE: usize = 1024;

/// The tasks to be decided in this cycle and in the next.
///
/// A task that is marked during a cycle has its turn in the same cycle if it comes after the current one, and in the next
/// if not. A cycle sorts once what it begins with; only tasks that are marked meanwhile go through a heap.
#[derive(Debug, Default)]
pub(crate) struct ReadyQueue {
    /// For the next cycle, in no order.
    next: Vec<Turn>,
    /// The remaining tasks of this cycle, the last turn first.
    now: Vec<Turn>,
    /// Marked during this cycle, for this cycle.
    fresh: BinaryHeap<Reverse<Turn>>,
    /// The turn of this cycle that was taken last.
    current: Option<Turn>,
}

impl ReadyQueue {
    /// Adds a task that is not in the queue.
    #[inline]
    pub(crate) fn add(&mut self, turn: Turn) {
        if self.current.is_some_and(|current| turn > current) {
            self.fresh.push(Reverse(turn));
        } else {
            self.next.push(turn);
        }
    }

    /// Returns true if the next cycle would have no task.
    pub(crate) fn is_empty(&self) -> bool {
        self.next.is_empty()
    }

    /// Begins a cycle, when the one before is over.
    #[inline]
    pub(crate) fn begin(&mut self) {
        std::mem::swap(&mut self.now, &mut self.next);
        // Long runs of turns are sorted already: those of one instant as declared, those that ended as they began.
        self.now.sort_by(|a, b| b.cmp(a));
    }

    /// The tasks that have the next turns, up to `count`, as far as they are known already.
    pub(crate) fn ahead(&self, count: usize) -> impl Iterator<Item = TaskId> {
        self.now.iter().rev().take(count).map(|(_, task)| *task)
    }

    /// Takes the next turn of the cycle; `None` ends it.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<TaskId> {
        let fresh_first = match (self.now.last(), self.fresh.peek()) {
            (Some(now), Some(Reverse(fresh))) => fresh < now,
            (None, fresh) => fresh.is_some(),
            (Some(_), None) => false,
        };
        self.current = if fresh_first {
            self.fresh.pop().map(|Reverse(turn)| turn)
        } else {
            self.now.pop()
        };
        if self.current.is_none() && self.now.capacity() > SPARE {
            self.now.shrink_to(SPARE);
        }
        self.current.map(|(_, task)| task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(priority: i32, task: u32) -> Turn {
        (Reverse(priority), TaskId::new(task))
    }

    fn taken(turns: &mut ReadyQueue) -> Option<u32> {
        turns.take().map(|task| task.0)
    }

    #[test]
    fn tasks_come_by_priority_and_then_as_they_were_declared() {
        let mut turns = ReadyQueue::default();
        for (priority, task) in [(0, 2), (5, 3), (0, 1), (-1, 0)] {
            turns.add(turn(priority, task));
        }
        turns.begin();
        let order: Vec<u32> = std::iter::from_fn(|| taken(&mut turns)).collect();
        assert_eq!(order, [3, 1, 2, 0]);
        assert!(turns.is_empty());
    }

    #[test]
    fn one_touched_meanwhile_comes_in_this_cycle_or_in_the_next() {
        let mut turns = ReadyQueue::default();
        turns.add(turn(0, 1));
        turns.add(turn(0, 5));
        turns.begin();
        assert_eq!(taken(&mut turns), Some(1));
        turns.add(turn(0, 7));
        turns.add(turn(0, 3));
        turns.add(turn(0, 0));
        assert_eq!(taken(&mut turns), Some(3));
        turns.add(turn(0, 1));
        assert_eq!(taken(&mut turns), Some(5));
        assert_eq!(taken(&mut turns), Some(7));
        assert_eq!(taken(&mut turns), None);
        turns.begin();
        assert_eq!(taken(&mut turns), Some(0));
        assert_eq!(taken(&mut turns), Some(1));
        assert_eq!(taken(&mut turns), None);
    }
}
