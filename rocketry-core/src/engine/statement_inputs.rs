//! The inputs of a task's statements, for explanations.

use super::standing::Look;
use super::state::State;
use crate::cond::Observation;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Returns the inputs for explaining a start condition, without results of custom conditions. While the task
/// has the maximum number of concurrent runs, they count as ended: the next start is the one after theirs.
pub(crate) fn seen_by_start(state: &State, id: TaskId, at: Timestamp) -> Observation<'_> {
    let look = Look {
        runs_over: state.task(id).is_full(),
        ..Look::at(state, id)
    };
    look.observation(at, &[])
}

/// Returns the inputs of the end condition of a task, without results of custom conditions.
pub(crate) fn seen_by_end(state: &State, id: TaskId, at: Timestamp) -> Observation<'_> {
    Look::at(state, id).observation(at, &[])
}
