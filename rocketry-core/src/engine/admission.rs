//! Admits runs that are due, if the run log can be written and their pools have room.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::event::Event;
use super::hold::Hold;
use super::pools::{PoolId, PoolWait, QueuePosition};
use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The reason why a due run is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The run log can't be written.
    Log,
    /// This pool is full.
    Pool(PoolId),
}

impl State {
    /// Whether a due run of a task is admitted now.
    #[inline]
    pub(crate) fn admit(&self, id: TaskId, now: Timestamp) -> Result<(), Refused> {
        if self.log_gate.is_closed() {
            return Err(Refused::Log);
        }
        let entry = self.task(id);
        let pools = entry.spec.pools();
        if pools.is_empty() {
            return Ok(());
        }
        match self.pools.full(pools, self.queue_position(id, now)) {
            Some(pool) => Err(Refused::Pool(pool)),
            None => Ok(()),
        }
    }

    /// Returns the position of a due run in the queue of a pool. A waiting run keeps its age.
    fn queue_position(&self, id: TaskId, now: Timestamp) -> QueuePosition {
        let entry = self.task(id);
        let waiting = self.pools.wait_of(id);
        let since = waiting.map_or_else(|| self.due_at(id, now), |waiting| waiting.position.1);
        (Reverse(entry.priority), since, id)
    }

    /// Returns the hold of a due run that waits for a full pool.
    pub(crate) fn hold_in_pool(&self, id: TaskId, pool: PoolId, now: Timestamp) -> Hold {
        let ahead = self.pools.ahead(pool, self.queue_position(id, now));
        let (name, size, used) = self.pools.usage(pool);
        Hold::Pool {
            pool: name.clone(),
            used,
            size,
            ahead,
        }
    }

    /// Queues a due run that was not admitted.
    pub(crate) fn queue_for_admission(&mut self, id: TaskId, refused: Refused, now: Timestamp) {
        match refused {
            Refused::Log => self.log_gate.hold(id),
            Refused::Pool(pool) => self.wait_in_pool(id, pool, now),
        }
    }

    fn wait_in_pool(&mut self, id: TaskId, pool: PoolId, now: Timestamp) {
        let position = self.queue_position(id, now);
        let before = self.pools.leave_queue(id);
        self.pools.wait(pool, position);
        if let Some(left) = before.filter(|before| before.pool != pool) {
            // The run had its turn in one pool and found another full, so the next run of the first pool may
            // go.
            self.mark_next_in_pool(left.pool);
        }
        // If the room is for another run's turn, its task may not have been notified.
        self.mark_next_in_pool(pool);
    }

    /// Takes a run that is admitted out of the queue of a pool.
    #[inline]
    pub(crate) fn enter_from_pool_queue(&mut self, id: TaskId) {
        self.pools.leave_queue(id);
    }

    /// Removes a task from the queue of a pool, if it is in one, and gives the next task its turn.
    pub(crate) fn leave_pool_queue(&mut self, id: TaskId) {
        if let Some(PoolWait { pool, .. }) = self.pools.leave_queue(id) {
            self.mark_next_in_pool(pool);
        }
    }

    /// Adds the tasks whose turn it is in a pool to the ready queue.
    pub(crate) fn mark_next_in_pool(&mut self, pool: PoolId) {
        for next in self.pools.next(pool) {
            self.mark(next);
        }
    }

    /// Changes the priority of a task, and its position if it waits. A turn that it has already stays as it is.
    pub(crate) fn set_priority(&mut self, id: TaskId, priority: i32) {
        self.task_mut(id).priority = priority;
        if self.pools.leave_queue(id).is_some() {
            self.mark(id);
        }
    }

    /// Closes the gate of the run log, or updates why it is closed and which tasks have a run that is not recorded.
    pub(crate) fn close_log_gate(&mut self, now: Timestamp, reason: String, unrecorded: BTreeSet<TaskId>) {
        if !self.log_gate.is_closed() {
            let reason = reason.clone();
            self.events.push(|| Event::LogPaused { since: now, reason });
        }
        self.log_gate.close(now, reason, unrecorded);
    }

    /// Opens the gate of the run log: the tasks that it held back have their turn.
    pub(crate) fn open_log_gate(&mut self) {
        self.events.push(|| Event::LogResumed);
        for task in self.log_gate.open() {
            self.mark(task);
        }
    }
}
