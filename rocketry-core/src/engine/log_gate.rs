//! Delays starts while the run log can't be written.

use std::collections::BTreeSet;

use super::hold::Hold;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Closed while the run log can't be written: a run that can't be recorded does not start.
#[derive(Debug, Default)]
pub(crate) struct LogGate {
    closed: Option<Closed>,
    /// The tasks with a due run that is held back.
    held: BTreeSet<TaskId>,
}

/// Why the gate is closed.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(crate) since: Timestamp,
    pub(crate) reason: String,
    /// The tasks with a run that was decided on and is not recorded.
    unrecorded: BTreeSet<TaskId>,
}

impl LogGate {
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// The hold of every run while the gate is closed.
    pub(crate) fn hold_of_all(&self) -> Option<Hold> {
        let closed = self.closed.as_ref()?;
        Some(Hold::Log {
            since: closed.since,
            reason: closed.reason.clone(),
        })
    }

    /// Returns true if a due run of a task is held back.
    pub(crate) fn holds(&self, task: TaskId) -> bool {
        self.held.contains(&task)
    }

    /// Records that a due run of a task is held back.
    pub(crate) fn hold(&mut self, task: TaskId) {
        self.held.insert(task);
    }

    /// Why a run of a task waits for the run log, if it does.
    pub(crate) fn reason(&self, task: TaskId) -> Option<&Closed> {
        let closed = self.closed.as_ref()?;
        (self.holds(task) || closed.unrecorded.contains(&task)).then_some(closed)
    }

    /// Closes the gate, or updates why it is closed and which tasks have a run that is not recorded.
    pub(crate) fn close(&mut self, now: Timestamp, reason: String, unrecorded: BTreeSet<TaskId>) {
        let since = self.closed.as_ref().map_or(now, |closed| closed.since);
        self.closed = Some(Closed {
            since,
            reason,
            unrecorded,
        });
    }

    /// Opens the gate, and returns the tasks that it held back.
    pub(crate) fn open(&mut self) -> BTreeSet<TaskId> {
        self.closed = None;
        std::mem::take(&mut self.held)
    }
}
