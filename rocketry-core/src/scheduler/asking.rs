//! Asks custom conditions, without any lock.

use std::sync::Arc;

use super::decide::{Start, Stop};
use super::{asks, decide_about};
use crate::cond::{CondCall, Plan, TaskId};
use crate::param::Value;
use crate::session::Session;
use crate::session::state::{State, Statement};
use crate::task::{Outcome, guarded};
use crate::time::{Timestamp, Zone};

/// What the custom conditions of a task's statements have answered, as far as they were asked.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) start: Vec<Option<bool>>,
    pub(super) end: Vec<Option<bool>>,
}

/// The questions of one statement.
struct Questions {
    plan: Arc<Plan>,
    asked: Vec<usize>,
}

/// Asks what has to be known before it can be decided about a task.
pub(super) fn ask(session: &Session, id: TaskId, now: Timestamp) -> Answers {
    let (start, end, zone) = {
        let state = session.state();
        let spec = &state.task(id).spec;
        let decision = decide_about(&state, id, now, &Answers::default());
        let start = spec.start.as_ref().filter(|_| decision.start == Start::Unknown);
        let end = spec.end.as_ref().filter(|_| decision.stop == Stop::Unknown);
        (
            start.map(|start| questions(&state, id, now, start)),
            end.map(|end| questions(&state, id, now, end)),
            spec.zone,
        )
    };
    let mut failure = None;
    let mut answer = |questions: Option<Questions>| {
        questions.map_or_else(Vec::new, |questions| questions.ask(session, zone, &mut failure))
    };
    let answers = Answers {
        start: answer(start),
        end: answer(end),
    };
    note(session, id, failure);
    answers
}

fn questions(state: &State, id: TaskId, now: Timestamp, statement: &Statement) -> Questions {
    let plan = statement.plan.clone();
    let asked = asks(state, id, now, &plan);
    Questions { plan, asked }
}

impl Questions {
    fn ask(&self, session: &Session, zone: Zone, failure: &mut Option<Arc<str>>) -> Vec<Option<bool>> {
        let mut answers = vec![None; self.plan.customs().len()];
        for index in &self.asked {
            let answer = ask_one(session, zone, &self.plan.customs()[*index]);
            answers[*index] = Some(answer.unwrap_or_else(|message| {
                *failure = Some(message);
                false
            }));
        }
        answers
    }
}

/// Asks one condition. One that fails or panics counts as false.
fn ask_one(session: &Session, zone: Zone, call: &CondCall) -> Result<bool, Arc<str>> {
    let asked = || match call.ask(&session.context_in(zone, None)) {
        Ok(truth) => Outcome::Success(Value::new(truth)),
        Err(error) => Outcome::Fail(error.to_string().into()),
    };
    let answer = guarded(asked)
        .into_value()
        .map_err(|message| format!("`{call}`: {message}"))?;
    Ok(answer.get() == Some(true))
}

/// Keeps the failure where it can be seen, and tells of it once.
fn note(session: &Session, id: TaskId, failure: Option<Arc<str>>) {
    let mut state = session.state();
    let entry = state.task_mut(id);
    if failure.is_some() && failure != entry.cond_error {
        tracing::warn!(
            task = &*entry.spec.name,
            error = failure.as_deref(),
            "a condition failed"
        );
    }
    entry.cond_error = failure;
}
