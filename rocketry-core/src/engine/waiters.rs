//! Callers that wait for runs, and the answers they get.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::log::Record;
use crate::task_id::TaskId;

/// The answer to a caller that waits for a run: the record, or the reason why there is none.
pub(crate) type Answer = Result<Record, Refusal>;

/// Where the answer goes.
pub(crate) type Waiter = oneshot::Sender<Answer>;

/// Why a requested run is not made, or can't be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// The run was requested only if its task was due.
    NotDue,
    /// The task is unique and an equal run is queued.
    Duplicate,
    /// The task was deleted.
    Deleted,
    /// The app has ended.
    Ended,
    /// The app restarts, and the request does not survive that.
    Restarts,
    /// The app restarts first and makes the run afterwards.
    PutOff,
    /// The scheduler itself would have to wait.
    Deadlock,
    /// Another node leads the cluster.
    NotLeader,
    /// No node leads the cluster, and the request was withdrawn.
    NoLeader,
    /// The leader that took the request up no longer leads.
    LeaderGone,
    /// The request can't be submitted, or the leader can't read it.
    NotCarried,
    /// The request may or may not have been submitted: the cluster has not confirmed it.
    Unconfirmed,
    /// The name of a parameter is invalid.
    Misnamed,
}

impl Refusal {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Refusal::NotDue => "it was not due",
            Refusal::Duplicate => "one with equal parameters is queued already",
            Refusal::Deleted => "the task was deleted",
            Refusal::Ended => "the app has ended",
            Refusal::Restarts => "the app restarts",
            Refusal::PutOff => "the app restarts first",
            Refusal::Deadlock => "the wait would deadlock the scheduler",
            Refusal::NotLeader => "this node does not lead its cluster",
            Refusal::NoLeader => "no node leads the cluster",
            Refusal::LeaderGone => {
                "the node that took it up no longer leads; see the run log for its outcome"
            }
            Refusal::Unconfirmed => {
                "the cluster has not confirmed the request; see the run log for its outcome"
            }
            Refusal::NotCarried => "it can't be forwarded to the leader; see the failures of this node",
            Refusal::Misnamed => "the name of a parameter is blank or has the character U+0000",
        }
    }
}

/// Callers that wait for records, and the answers that are ready for them.
///
/// Answers are given without the lock of the state: the scheduler takes them and sends them once the records are
/// written.
#[derive(Default)]
pub(crate) struct Waiters {
    watchers: HashMap<TaskId, Vec<Watcher>>,
    ready: Vec<(Waiter, Record)>,
}

/// A caller that waits for the next record of a task.
struct Watcher {
    /// Whether only the end of a run counts.
    for_end: bool,
    waiter: Waiter,
}

impl Waiters {
    /// Waits for the next record of a task, or for its next end.
    pub(crate) fn watch(&mut self, id: TaskId, for_end: bool) -> oneshot::Receiver<Answer> {
        let (waiter, answer) = oneshot::channel();
        let watchers = self.watchers.entry(id).or_default();
        watchers.retain(|watcher| !watcher.waiter.is_closed());
        watchers.push(Watcher { for_end, waiter });
        answer
    }

    /// Prepares the answers that a record gives: to the watchers of its task and to the caller that requested the run.
    #[inline]
    pub(crate) fn note(&mut self, id: TaskId, record: &Record, requester: Option<Waiter>) {
        if let Some(waiter) = requester {
            self.ready.push((waiter, record.clone()));
        }
        if !self.is_unwatched() {
            self.note_for_watchers(id, record);
        }
    }

    fn note_for_watchers(&mut self, id: TaskId, record: &Record) {
        let Some(watchers) = self.watchers.remove(&id) else {
            return;
        };
        let counts = |watcher: &Watcher| !watcher.for_end || record.action.is_end();
        let (answered, others): (Vec<_>, Vec<_>) = watchers.into_iter().partition(counts);
        let answered = answered
            .into_iter()
            .map(|watcher| (watcher.waiter, record.clone()));
        self.ready.extend(answered);
        if !others.is_empty() {
            self.watchers.insert(id, others);
        }
    }

    /// Returns true if no caller waits for the records of any task.
    pub(crate) fn is_unwatched(&self) -> bool {
        self.watchers.is_empty()
    }

    /// Takes the callers that wait for records of a task.
    pub(crate) fn unwatch(&mut self, id: TaskId) -> impl Iterator<Item = Waiter> + use<> {
        let watchers = self.watchers.remove(&id);
        watchers.into_iter().flatten().map(|watcher| watcher.waiter)
    }

    /// Returns true if no answer is ready.
    pub(crate) fn is_quiet(&self) -> bool {
        self.ready.is_empty()
    }

    /// Takes the answers that are to be sent once their records are written.
    pub(crate) fn take_ready(&mut self, into: &mut Vec<(Waiter, Record)>) {
        into.append(&mut self.ready);
    }
}
