//! Predicts the next start of a task from the current state.

use std::sync::Arc;

use super::deferred::Deferral;
use super::pause::Pause;
use super::spec::Statement;
use super::standing::{Look, Walk, walk_by};
use super::state::State;
use crate::cond::Facts;
use crate::log::{History, StartedBy};
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// The last instant that can be stepped to.
const LAST: Timestamp = Timestamp::from_micros(Timestamp::MAX.as_micros() - 1);

/// The maximum number of parts of a statement to evaluate in search of the next start.
const MOST_PARTS: usize = 10_000;

/// The number of instants after which the parts are counted. Nearly all searches end earlier.
const MANY: usize = 100;

/// When a start of a task is made next, as things are: the deferred one, or the next that comes. While the task has as
/// many concurrent runs as it may, that is the next start after theirs. `None` if passing of time alone makes none.
pub(crate) fn next_start(state: &State, id: TaskId, now: Timestamp) -> Option<Timestamp> {
    let entry = state.task(id);
    if entry.disabled {
        return None;
    }
    let pause = state.longest_pause(id, now).map_or(now, Pause::end);
    let now = pause.max(state.crashes.until(id));
    if now == Timestamp::MAX {
        return None;
    }
    let full = entry.is_full();
    let look = Look {
        runs_over: full,
        ..Look::at(state, id)
    };
    let next = if let Some(start) = state.deferred.start(id) {
        let at = start.at.max(now);
        Next { due: start.due, at }
    } else {
        let ready = !full || state.deferred.of(id) == Some(Deferral::Ready);
        next_that_comes(state, id, look, now, ready)?
    };
    if !state.skips.next.contains(&id) || started_by(state, id, look, next.at) != StartedBy::Schedule {
        return Some(next.at);
    }
    let supposed = Supposed::after_skip(state, id, next);
    let look = Look {
        facts: &supposed,
        failing_until: None,
        ..look
    };
    Some(next_that_comes(state, id, look, next.at, true)?.at)
}

/// A start that is to come: when it is due, and when it is made.
#[derive(Clone, Copy)]
struct Next {
    due: Timestamp,
    at: Timestamp,
}

/// The next start that comes. Before an instant at which the statement is false, one only counts if `ready`.
fn next_that_comes(
    state: &State,
    id: TaskId,
    look: Look<'_>,
    now: Timestamp,
    mut ready: bool,
) -> Option<Next> {
    let start = state.task(id).spec.start.as_ref();
    let mut instants = 0;
    let walked = walk_by(look, start, (now, LAST), |at, holds| {
        let comes = holds && ready;
        ready |= !holds;
        instants += 1;
        let gives_up = !comes && instants % MANY == 0 && instants * parts(start) > MOST_PARTS;
        (comes || gives_up).then_some(comes.then_some(at))
    });
    match walked {
        Walk::Found(Some(due)) if due == now => {
            let at = state.start_at(id, now).max(now);
            Some(Next { due, at })
        }
        Walk::Found(Some(due)) => {
            let at = state.delayed(id, due);
            Some(Next { due, at })
        }
        Walk::Found(None) | Walk::Passed(_) | Walk::GaveUp => None,
    }
}

fn parts(statement: Option<&Arc<Statement>>) -> usize {
    let mut parts = 0;
    if let Some(statement) = statement {
        statement.condition.expr().for_each_leaf(&mut |_| parts += 1);
    }
    parts
}

/// What makes the start of a task at an instant, with custom conditions as true.
fn started_by(state: &State, id: TaskId, look: Look<'_>, at: Timestamp) -> StartedBy {
    let start = state.task(id).spec.start.as_ref();
    start.map_or(StartedBy::Schedule, |start| {
        start.plan.started_by(&look.observation(at, &[]))
    })
}

/// The app with a different past of a task.
pub(super) struct Supposed<'a> {
    pub(super) state: &'a State,
    pub(super) task: TaskId,
    pub(super) history: History,
}

impl<'a> Supposed<'a> {
    /// The app after a start of a task has been skipped.
    fn after_skip(state: &'a State, task: TaskId, next: Next) -> Self {
        let mut history = state.task(task).runs.history.clone();
        history.skip(next.due, next.at, next.due);
        Supposed { state, task, history }
    }
}

impl Facts for Supposed<'_> {
    fn history(&self, task: TaskId) -> &History {
        if task == self.task {
            &self.history
        } else {
            self.state.history(task)
        }
    }

    fn startup(&self) -> Timestamp {
        self.state.startup()
    }

    fn cycles(&self) -> u64 {
        self.state.cycles()
    }

    fn params(&self) -> &Params {
        self.state.params()
    }

    fn poll_interval(&self) -> Delta {
        self.state.poll_interval()
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        self.state.waits_since(task)
    }
}
