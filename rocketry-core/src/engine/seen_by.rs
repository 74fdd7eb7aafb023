//! What the statements of a task see, to explain them.

use super::standing::Look;
use super::state::State;
use crate::cond::Observation;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// What a start condition is evaluated against to explain it, without answers of custom conditions. While the task has as many
/// concurrent runs as it may, these count as over: its next start is the one after theirs.
pub(crate) fn seen_by_start(state: &State, id: TaskId, at: Timestamp) -> Observation<'_> {
    let look = Look {
        runs_over: state.task(id).is_full(),
        ..Look::at(state, id)
    };
    look.observation(at, &[])
}

/// What the end condition of a task is evaluated against, without answers of custom conditions.
pub(crate) fn seen_by_end(state: &State, id: TaskId, at: Timestamp) -> Observation<'_> {
    Look::at(state, id).observation(at, &[])
}
