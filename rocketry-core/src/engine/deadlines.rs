//! The deadlines of runs, ordered.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::entry::TaskEntry;
use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The deadlines of runs.
///
/// Nearly every run ends before its deadline. The deadlines of runs that have ended are dropped when one comes up, or when
/// they are in the majority.
///
/// Most tasks have the same timeout, so most deadlines are set in their order. A queue has those, a heap the others.
#[derive(Debug)]
pub(crate) struct Deadlines {
    in_order: VecDeque<Deadline>,
    others: BinaryHeap<Reverse<Deadline>>,
    /// No run in progress reaches its deadline before this instant. It may be the deadline of a run that has ended: the
    /// scheduler then wakes up once for nothing, and no run pays for a look at the first deadline.
    next: Timestamp,
}

type Deadline = (Timestamp, TaskId);

/// How many deadlines of runs that have ended may stay at any time.
const SPARE: usize = 1024;

impl Default for Deadlines {
    fn default() -> Self {
        Deadlines {
            in_order: VecDeque::new(),
            others: BinaryHeap::new(),
            next: Timestamp::MAX,
        }
    }
}

impl Deadlines {
    /// Adds the deadline of a run; [`Timestamp::MAX`] is none. Where the task has no `other` run, those set before are void.
    #[inline]
    pub(crate) fn set(&mut self, id: TaskId, at: Timestamp, other: bool) {
        if at == Timestamp::MAX {
            return;
        }
        self.next = self.next.min(at);
        if let Some((last, _)) = self.in_order.back_mut().filter(|(_, of)| *of == id) {
            // Runs of a task that begin at the same instant share a timer.
            if *last == at {
                return;
            }
            // A task that runs repeatedly has one deadline.
            if !other && *last < at {
                *last = at;
                return;
            }
        }
        if self.in_order.back().is_none_or(|(last, _)| *last <= at) {
            self.in_order.push_back((at, id));
        } else {
            self.others.push(Reverse((at, id)));
        }
    }

    /// Moves all deadlines by a change of the wall clock.
    pub(crate) fn shift(&mut self, micros: i64) {
        let shift = |(at, id): Deadline| (at.shifted(micros), id);
        for deadline in &mut self.in_order {
            *deadline = shift(*deadline);
        }
        let others = std::mem::take(&mut self.others).into_iter();
        self.others = others.map(|Reverse(deadline)| Reverse(shift(deadline))).collect();
        self.next = self.first().map_or(Timestamp::MAX, |(at, _)| at);
    }

    /// The next instant at which a run in progress may reach its deadline; [`Timestamp::MAX`] if none does.
    #[inline]
    pub(crate) fn next(&mut self, state: &State) -> Timestamp {
        if state.active == 0 && self.next < Timestamp::MAX {
            self.clear();
        }
        self.next
    }

    fn clear(&mut self) {
        self.in_order.clear();
        self.in_order.shrink_to(SPARE);
        self.others.clear();
        self.others.shrink_to(SPARE);
        self.next = Timestamp::MAX;
    }

    /// The first deadline of a run in progress. Drops those before it.
    fn first_awaited(&mut self, state: &State) -> Timestamp {
        while let Some((at, id)) = self.first() {
            if is_awaited(state.task(id), at) {
                return at;
            }
            self.pop();
        }
        Timestamp::MAX
    }

    /// Takes the next task with a run that has reached its deadline.
    #[inline]
    pub(crate) fn pop_overdue(&mut self, state: &State, now: Timestamp) -> Option<TaskId> {
        if now < self.next {
            return None;
        }
        self.take_overdue(state, now)
    }

    fn take_overdue(&mut self, state: &State, now: Timestamp) -> Option<TaskId> {
        while let Some((at, id)) = self.first().filter(|(at, _)| *at <= now) {
            self.pop();
            if is_awaited(state.task(id), at) {
                return Some(id);
            }
        }
        self.next = self.first_awaited(state);
        None
    }

    /// Drops the deadlines of runs that have ended, if they are in the majority.
    pub(crate) fn sweep(&mut self, state: &State) {
        if self.in_order.len() + self.others.len() > 2 * state.active + SPARE {
            let is_awaited = |(at, id): &Deadline| is_awaited(state.task(*id), *at);
            self.in_order.retain(is_awaited);
            self.others.retain(|Reverse(deadline)| is_awaited(deadline));
        }
    }

    #[inline]
    fn first(&self) -> Option<Deadline> {
        match (self.in_order.front(), self.others.peek()) {
            (Some(first), Some(Reverse(other))) => Some(*first.min(other)),
            (first, other) => first.or(other.map(|Reverse(other)| other)).copied(),
        }
    }

    #[inline]
    fn pop(&mut self) {
        let other = self.others.peek().map(|Reverse(other)| other);
        if other.is_some_and(|other| self.in_order.front().is_none_or(|first| other < first)) {
            self.others.pop();
        } else {
            self.in_order.pop_front();
        }
    }
}

/// Returns true if a run of a task has this deadline and has not been told to stop yet.
fn is_awaited(entry: &TaskEntry, deadline: Timestamp) -> bool {
    let mut runs = entry.runs.running.iter();
    runs.any(|run| run.deadline == deadline && run.stopped.is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Deadlines;
    use crate::task_id::TaskId;
    use crate::time::Timestamp;

    fn taken(deadlines: &mut Deadlines) -> Vec<i64> {
        let next = || {
            let (at, _) = deadlines.first()?;
            deadlines.pop();
            Some(at.as_micros())
        };
        std::iter::from_fn(next).collect()
    }

    proptest! {
        #[test]
        fn they_come_in_order_however_they_were_set(ats in prop::collection::vec(-50..50_i64, 0..50), step in -100..100_i64) {
            let mut deadlines = Deadlines::default();
            for (id, at) in (0..).zip(&ats) {
                deadlines.set(TaskId::new(id), Timestamp::from_micros(*at), true);
            }
            deadlines.shift(step);
            let mut sorted: Vec<i64> = ats.iter().map(|at| at + step).collect();
            sorted.sort_unstable();
            prop_assert_eq!(taken(&mut deadlines), sorted);
        }
    }

    #[test]
    fn those_set_in_order_need_no_heap() {
        let mut deadlines = Deadlines::default();
        for (id, at) in [(0, 1), (0, 2), (1, 2), (1, 2), (0, 5)] {
            deadlines.set(TaskId::new(id), Timestamp::from_micros(at), true);
        }
        deadlines.set(TaskId::new(0), Timestamp::MAX, true);
        assert!(deadlines.others.is_empty());
        let shared = "runs of a task with the same deadline share it";
        assert_eq!(taken(&mut deadlines), [1, 2, 2, 5], "{shared}");
    }

    #[test]
    fn a_task_that_runs_again_and_again_has_one_deadline() {
        let mut deadlines = Deadlines::default();
        for at in 0..1000 {
            deadlines.set(TaskId::new(0), Timestamp::from_micros(at), false);
        }
        deadlines.set(TaskId::new(1), Timestamp::from_micros(2000), false);
        deadlines.set(TaskId::new(1), Timestamp::from_micros(3000), true);
        assert_eq!(taken(&mut deadlines), [999, 2000, 3000]);
    }
}
