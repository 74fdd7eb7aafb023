//! How a task stands, seen from the scheduler: pure functions of the state and an instant.

use std::sync::Arc;

use super::asking::Answers;
use super::decide::{Asked, Decision, Standing, decide};
use crate::cond::{Facts, Observation, Plan, TaskId, Verdict};
use crate::session::pending::{Pending, RunsOver};
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
        full: entry.is_full(),
        asked,
        overlap: entry.spec.overlap,
        pending: state.pending.of(id),
        start_at: state.start_at(id, now),
        deadline: live.map(|run| run.deadline).min().unwrap_or(Timestamp::MAX),
    }
}

pub(super) fn decide_about(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> Decision {
    decide(
        &standing(state, id, now),
        || start_verdict(state, id, now, &answers.start),
        || {
            let end = state.task(id).spec.rare.end.as_ref();
            verdict(end, &observation(state, state, id, now, &answers.end))
        },
    )
}

fn start_verdict(state: &State, id: TaskId, now: Timestamp, answers: &[Option<bool>]) -> Verdict {
    let start = state.task(id).spec.start.as_ref();
    with_facts_of_start(state, id, |facts| {
        verdict(start, &observation(facts, state, id, now, answers))
    })
}

/// What a statement says; no statement is never true.
fn verdict(statement: Option<&Arc<Statement>>, seen: &Observation<'_>) -> Verdict {
    match statement {
        Some(statement) => statement.plan.observe(seen),
        None => Verdict {
            truth: Some(false),
            until: Timestamp::MAX,
        },
    }
}

/// What a start condition looks at: the app as it is; or, if as many runs of its task are under way as may be, as it
/// would be if they were over.
fn with_facts_of_start<T>(state: &State, id: TaskId, look: impl FnOnce(&dyn Facts) -> T) -> T {
    if state.task(id).is_full() {
        look(&RunsOver(state))
    } else {
        look(state)
    }
}

fn observation<'a>(
    facts: &'a dyn Facts,
    state: &State,
    id: TaskId,
    now: Timestamp,
    answers: &'a [Option<bool>],
) -> Observation<'a> {
    Observation {
        now,
        zone: state.task(id).spec.zone,
        owner: id,
        facts,
        answers,
    }
}

/// Which custom conditions of a task's start condition have to be asked.
pub(super) fn asks_of_start(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    with_facts_of_start(state, id, |facts| {
        plan.asks(&observation(facts, state, id, now, &[]))
    })
}

/// Which custom conditions of a task's end condition have to be asked.
pub(super) fn asks_of_end(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    plan.asks(&observation(state, state, id, now, &[]))
}

/// Since when the start condition of a task whose timer is up has been true without a break; `None` where it
/// was not, or where something else held the task back.
///
/// The scheduler may come late. What was known until now is stepped through from the instant for which the timer
/// was set; a custom condition, which can't be asked about the past, counts as true.
///
/// While as many runs are under way as may be, only a start that comes counts: one before which the condition was false.
/// Tells besides whether one may come, since it was.
pub(super) fn held_since(state: &State, id: TaskId, now: Timestamp) -> (Option<Timestamp>, bool) {
    let standing = standing(state, id, now);
    if !standing.asks_start() {
        return (None, false);
    }
    let mut ready = !standing.full || standing.pending == Some(Pending::Ready);
    let (mut at, mut since) = (state.task(id).wake, None);
    for _ in 0..MAX_STEPS {
        if at > now {
            return (since, ready);
        }
        let verdict = start_verdict(state, id, at, &[]);
        let holds = verdict.truth != Some(false);
        since = (holds && ready).then(|| since.unwrap_or(at));
        // Of now the look itself is the judge, when it is known what has ended.
        ready |= !holds && at < now;
        at = verdict.until;
    }
    (None, ready)
}
