//! Determines when the run that starts now was due, and since when a task has been due.

use super::decide::Start;
use super::deferred::DeferralChange;
use super::due_since::due_since;
use super::standing::{Answers, lacks_why};
use super::state::State;
use crate::cond::Verdict;
use crate::log::Cause;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Signals that user code has to be called first.
pub(super) struct Unknown;

/// Returns the due instant and the cause of the run that a decision starts; `None` if it starts none.
#[inline]
pub(super) fn due_and_cause(
    state: &State,
    id: TaskId,
    start: Start,
    now: Timestamp,
    answers: &Answers,
) -> Result<Option<(Timestamp, Cause)>, Unknown> {
    match start {
        Start::Requested | Start::CatchUp | Start::Backfill | Start::Due if answers.lack_name(state, id) => {
            Err(Unknown)
        }
        Start::Requested => Ok(Some((now, state.cause_of_request(id)))),
        Start::CatchUp => Ok(state.catch_ups.next(id).map(|due| (due, Cause::CatchUp))),
        Start::Backfill => Ok(state.backfills.next(id)),
        Start::Due if lacks_why(state, id, now, answers) => Err(Unknown),
        Start::Due => Ok(Some((
            state.due_at(id, now),
            state.cause_of_due(id, now, answers),
        ))),
        _ => Ok(None),
    }
}

/// Determines since when a task whose timer has fired has been due, if that has not been done yet. Returns
/// the verdict of its start condition, if it was evaluated.
#[inline]
pub(super) fn find_due_since(state: &mut State, id: TaskId, now: Timestamp) -> Option<Verdict> {
    if std::mem::take(&mut state.task_mut(id).timer_fired) {
        return store_due_since(state, id, now);
    }
    None
}

fn store_due_since(state: &mut State, id: TaskId, now: Timestamp) -> Option<Verdict> {
    if state.catch_up_when_late(id, now) {
        return None;
    }
    let found = due_since(state, id, now);
    if found.has_lost {
        let from = state.task(id).wake;
        state.skip_misfires(id, (from, now));
    }
    // A start that the run log delays keeps its instant: see `skip_held`.
    if found.since.is_some() || !state.log_gate.holds(id) {
        state.task_mut(id).due_since = found.since.unwrap_or(Timestamp::MAX);
    }
    if found.ready && state.task(id).is_full() {
        state.change_deferral(id, DeferralChange::Ready, now);
    }
    found.verdict
}

/// Forgets since when a task was due, unless its run still waits to be admitted.
pub(super) fn forget_due_since(state: &mut State, id: TaskId) {
    let waits = state.log_gate.holds(id) || state.pools.wait_of(id).is_some();
    if !waits {
        state.task_mut(id).due_since = Timestamp::MAX;
    }
}
