//! What keeps every new run from starting: a run log that can't be written.

use std::collections::BTreeSet;

use super::state::State;
use crate::cond::TaskId;
use crate::time::Timestamp;

/// Closed while the run log can't be written: a run that can't be recorded does not start.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    closed: Option<Closed>,
    /// The tasks with a run that is due.
    held: BTreeSet<TaskId>,
}

#[derive(Debug)]
struct Closed {
    since: Timestamp,
    reason: String,
    /// The tasks with a run that was decided on and is not recorded.
    unrecorded: BTreeSet<TaskId>,
}

impl Gate {
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// What a task waits for, in words.
    pub(crate) fn describe(&self, task: TaskId) -> Option<String> {
        let closed = self.closed.as_ref()?;
        let Closed { since, reason, .. } = closed;
        let waits = self.holds(task) || closed.unrecorded.contains(&task);
        waits.then(|| format!("the run log, which can't be written since {since}: {reason}"))
    }

    /// Whether a run of a task is due and held back.
    pub(crate) fn holds(&self, task: TaskId) -> bool {
        self.held.contains(&task)
    }

    /// Closes the gate, or tells why it is closed now, and which tasks have a run that is not recorded.
    pub(crate) fn close(&mut self, now: Timestamp, reason: String, unrecorded: BTreeSet<TaskId>) {
        let since = self.closed.as_ref().map_or(now, |closed| closed.since);
        self.closed = Some(Closed {
            since,
            reason,
            unrecorded,
        });
    }
}

impl State {
    /// Whether a run that is due is held back.
    pub(crate) fn is_held(&mut self, task: TaskId) -> bool {
        self.gate.is_closed() && {
            self.gate.held.insert(task);
            true
        }
    }

    /// Opens the gate: what it held back has its turn.
    pub(crate) fn open_gate(&mut self) {
        self.gate.closed = None;
        for task in std::mem::take(&mut self.gate.held) {
            self.touch(task);
        }
    }
}
