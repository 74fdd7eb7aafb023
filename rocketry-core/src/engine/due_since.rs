//! Determines since when the start condition of a task whose timer has fired has been true.

use super::deferred::Deferral;
use super::standing::{Walk, standing, walk};
use super::state::State;
use crate::cond::Verdict;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The result of evaluating the past of a task's start condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DueSince {
    /// Since when the condition has been true without a break.
    pub(crate) since: Option<Timestamp>,
    /// Whether the next start that comes counts.
    pub(crate) ready: bool,
    /// Whether a start came and went.
    pub(crate) has_lost: bool,
    /// The current verdict of the condition, if it was evaluated and nothing else keeps the task from starting.
    pub(crate) verdict: Option<Verdict>,
}

/// Looks back at the start condition of a task whose timer has fired. Finds nothing where something else held the task back.
///
/// The scheduler may come late. The instants since the one for which the timer was set are stepped through.
///
/// While the task has as many concurrent runs as it may, only a start that *comes* counts: one before which the condition
/// was false.
pub(crate) fn due_since(state: &State, id: TaskId, now: Timestamp) -> DueSince {
    let standing = standing(state, id, now);
    if standing.held_by().is_some() {
        return DueSince::default();
    }
    let ready = !standing.full || standing.deferral == Some(Deferral::Ready);
    true_since(state, id, (state.task(id).wake, now), ready)
}

/// Looks back at the start condition of a task. Before it was false, as far as is known, it only counts if `ready`.
pub(super) fn true_since(
    state: &State,
    id: TaskId,
    (from, now): (Timestamp, Timestamp),
    mut ready: bool,
) -> DueSince {
    let (mut since, mut has_lost) = (None, false);
    let walked = walk(state, id, (from, now), |at, holds| {
        has_lost |= since.is_some() && !holds;
        since = (holds && ready).then(|| since.unwrap_or(at));
        // The decision itself judges the present, once it is known what has ended.
        ready |= !holds && at < now;
        None::<()>
    });
    let passed = match walked {
        Walk::Passed(verdict) => Some(verdict),
        Walk::Found(()) | Walk::GaveUp => None,
    };
    let pauses = state.failing(id).is_some();
    DueSince {
        since: since.filter(|_| passed.is_some()),
        ready,
        has_lost,
        // A pause after failures and custom conditions are for the decision to judge.
        verdict: passed
            .flatten()
            .filter(|verdict| verdict.truth.is_some() && !pauses),
    }
}
