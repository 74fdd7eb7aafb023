//! How a task stands, seen from the scheduler: pure functions of the state and an instant.

use super::asking::Answers;
use super::decide::{Asked, Decision, Standing, decide};
use crate::cond::{Observation, Plan, TaskId, Verdict};
use crate::session::run::Batch;
use crate::session::state::{State, Statement};
use crate::time::Timestamp;

/// How many changes of a condition a late scheduler steps through to find since when a task has been due.
const MAX_STEPS: usize = 64;

fn standing(state: &State, id: TaskId, now: Timestamp) -> Standing {
    let entry = state.task(id);
    let asked = match entry.batches.front() {
        None => Asked::No,
        Some(Batch { if_due: false, .. }) => Asked::Anyway,
        Some(Batch { if_due: true, .. }) => Asked::IfDue,
    };
    let live = entry.running.iter().filter(|run| run.stopped.is_none());
    Standing {
        now,
        phase: state.phase,
        disabled: entry.disabled || (state.only_asked && asked == Asked::No),
        permanent: entry.spec.permanent,
        running: !entry.running.is_empty(),
        full: entry.running.len() >= entry.spec.max_running as usize,
        asked,
        deadline: live.map(|run| run.deadline).min().unwrap_or(Timestamp::MAX),
    }
}

pub(super) fn decide_about(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> Decision {
    let spec = &state.task(id).spec;
    decide(
        &standing(state, id, now),
        || verdict(state, id, now, spec.start.as_ref(), &answers.start),
        || verdict(state, id, now, spec.end.as_ref(), &answers.end),
    )
}

/// What a statement says; no statement is never true.
fn verdict(
    state: &State,
    id: TaskId,
    now: Timestamp,
    statement: Option<&Statement>,
    answers: &[Option<bool>],
) -> Verdict {
    match statement {
        Some(statement) => statement.plan.observe(&observation(state, id, now, answers)),
        None => Verdict {
            truth: Some(false),
            until: Timestamp::MAX,
        },
    }
}

pub(super) fn observation<'a>(
    state: &'a State,
    id: TaskId,
    now: Timestamp,
    answers: &'a [Option<bool>],
) -> Observation<'a> {
    Observation {
        now,
        zone: state.task(id).spec.zone,
        owner: id,
        facts: state,
        answers,
    }
}

/// Which custom conditions of a plan have to be asked.
pub(super) fn asks(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    plan.asks(&observation(state, id, now, &[]))
}

/// When a run is due whose condition is true: now, unless time alone has made it true before.
pub(super) fn due_at(state: &State, id: TaskId, now: Timestamp) -> Timestamp {
    state.task(id).held_since.unwrap_or(now)
}

/// Since when the start condition of a task whose timer is up has been true without a break; `None` where it
/// was not, or where something else held the task back.
///
/// The scheduler may come late. What was known until now is stepped through from the instant for which the timer
/// was set; a custom condition, which can't be asked about the past, counts as true.
pub(super) fn held_since(state: &State, id: TaskId, now: Timestamp) -> Option<Timestamp> {
    let entry = state.task(id);
    let standing = standing(state, id, now);
    if standing.disabled || !standing.may_start() {
        return None;
    }
    let (mut at, mut since) = (entry.wake, None);
    for _ in 0..MAX_STEPS {
        if at > now {
            return since;
        }
        let verdict = verdict(state, id, at, entry.spec.start.as_ref(), &[]);
        since = (verdict.truth != Some(false)).then(|| since.unwrap_or(at));
        at = verdict.until;
    }
    None
}
