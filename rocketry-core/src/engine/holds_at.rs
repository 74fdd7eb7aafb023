//! Finds what holds a task back at an instant, according to a decision for that instant.

use std::mem::discriminant;

use super::admission::Refused;
use super::decide::Start;
use super::hold::{HeldBy, Hold};
use super::standing::holds;
use super::state::State;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Everything that prevents a run of a task from starting at an instant, given the decision for it.
pub(crate) fn holds_at(state: &State, id: TaskId, at: Timestamp, start: Start) -> Vec<Hold> {
    if matches!(start, Start::Due | Start::Requested) {
        return Vec::new();
    }
    let mut holds = holds(state, id, at);
    holds.retain(|hold| hold.until().is_none_or(|until| until > at));
    if let Some(decided) = decided(state, id, at, start)
        && !holds.iter().any(|known| is_same(known, &decided))
    {
        holds.push(decided);
    }
    holds
}

fn is_same(known: &Hold, decided: &Hold) -> bool {
    let both_run = matches!(known, Hold::Overlap) && matches!(decided, Hold::Running { .. });
    both_run || discriminant(known) == discriminant(decided)
}

/// The hold that was decided, where the scheduler's last decision may have been different.
fn decided(state: &State, id: TaskId, at: Timestamp, start: Start) -> Option<Hold> {
    let entry = state.task(id);
    if let Start::Queue(refused) = start {
        return match refused {
            Refused::Log => state.log_gate.hold_of_all(),
            Refused::Pool(pool) => Some(state.hold_in_pool(id, pool, at)),
        };
    }
    match start.held_by()? {
        HeldBy::Running => Some(Hold::Running {
            running: entry.runs.running.len(),
            limit: entry.spec.max_running as usize,
        }),
        HeldBy::Jitter => {
            let deferred = state.deferred.start(id).map(|start| start.at);
            let until = deferred.unwrap_or_else(|| state.start_at(id, at));
            Some(Hold::Jitter { until })
        }
        HeldBy::Crashes => state.crashes.of(id).map(|row| Hold::Crashes {
            crashes: row.crashes,
            until: row.until(),
        }),
        HeldBy::Failures => state.hold_of_failures(id),
        _ => None,
    }
}
