//! Calls the functions of the user's that a decision depends on, without any lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::cond::CondCall;
use crate::dispatch::called::Called;
use crate::drops::caught;
use crate::engine::decide::{Start, Stop};
use crate::engine::naming;
use crate::engine::spec::Statement;
use crate::engine::standing::{Answers, decide_about, lacks_started_by, unknowns_of_end, unknowns_of_start};
use crate::error::{Error, Kind, Result};
use crate::failure::Part;
use crate::param::{RunId, Value};
use crate::session::Session;
use crate::task::{NewRun, Outcome, guarded};
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

/// The custom conditions of a statement that have to be evaluated.
struct Questions {
    statement: Arc<Statement>,
    asked: Vec<usize>,
}

/// Evaluates the custom conditions that a decision about a task depends on.
pub(super) fn ask(session: &Session, id: TaskId, now: Timestamp) -> Answers {
    let (start, end, zone) = {
        let state = session.state();
        let spec = &state.task(id).spec;
        let decision = decide_about(&state, id, now, &Answers::default());
        let asks_start = match decision.start {
            Start::Unknown => true,
            Start::Due => lacks_started_by(&state, id, now, &Answers::default()),
            _ => false,
        };
        let start = spec.start.as_ref().filter(|_| asks_start);
        let end = spec.rare.end.as_ref().filter(|_| decision.stop == Stop::Unknown);
        (
            start.map(|start| Questions::new(start, unknowns_of_start(&state, id, now, &start.plan))),
            end.map(|end| Questions::new(end, unknowns_of_end(&state, id, now, &end.plan))),
            spec.zone,
        )
    };
    let mut failure = None;
    let mut answer = |questions: Option<Questions>| {
        questions.map_or_else(Vec::new, |questions| {
            questions.ask(session, id, zone, &mut failure)
        })
    };
    let mut answers = Answers {
        start: answer(start),
        end: answer(end),
        name: None,
    };
    note(session, id, failure);
    answers.name = due_if_starting(session, id, now, &answers).and_then(|due| name(session, id, due));
    answers
}

/// When the run that is about to start is due, if one is.
fn due_if_starting(session: &Session, id: TaskId, now: Timestamp, answers: &Answers) -> Option<Timestamp> {
    let state = session.state();
    match decide_about(&state, id, now, answers).start {
        Start::Requested => Some(now),
        Start::Due => Some(state.due_at(id, now)),
        _ => None,
    }
}

/// The name of the next run, if the task names its runs. If its function panics, or the name is none, the run gets a number.
pub(super) fn name(session: &Session, id: TaskId, due: Timestamp) -> Option<RunId> {
    let (spec, number, given) = {
        let state = session.state();
        let entry = state.task(id);
        let given = entry.queue.front().map(|request| request.params.clone());
        (entry.spec.clone(), state.next_run, given)
    };
    let function = spec.rare.run_id?;
    let params = spec.params.overlaid(given.as_ref());
    let new = NewRun {
        task: &spec.name,
        number,
        due,
        params: &params,
    };
    let name = || session.call_on_scheduler(Called::RunId(id), || function(&new));
    let named = guarded(|| Outcome::Success(Value::new(name()))).into_value();
    let named = named.and_then(|name| {
        let name = name.get::<String>().unwrap_or_default();
        naming::of_run(&name).map_or(Ok(RunId::from(&*name)), |mistake| Err(mistake.into()))
    });
    Some(named.unwrap_or_else(|message| {
        let message = format!("the function that names the runs: {message}; the run has a number");
        session.fail(Part::Hook, Some(&spec.name), Error::new(Kind::State, message));
        RunId::Number(number)
    }))
}

impl Questions {
    fn new(statement: &Arc<Statement>, asked: Vec<usize>) -> Self {
        let statement = statement.clone();
        Questions { statement, asked }
    }

    fn ask(
        &self,
        session: &Session,
        id: TaskId,
        zone: Zone,
        failure: &mut Option<Error>,
    ) -> Vec<Option<bool>> {
        let customs = self.statement.plan.customs();
        let mut answers = vec![None; customs.len()];
        for index in &self.asked {
            let answer = ask_one(session, id, zone, &customs[*index]);
            answers[*index] = Some(answer.unwrap_or_else(|error| {
                *failure = Some(error);
                false
            }));
        }
        answers
    }
}

/// Evaluates one condition. A condition that fails or panics counts as false.
fn ask_one(session: &Session, id: TaskId, zone: Zone, call: &Arc<CondCall>) -> Result<bool> {
    let context = session.context_in(zone, None).owned_by(id);
    let called = Called::Condition(id, call.clone());
    let ask = || session.call_on_scheduler(called, || call.ask(&context));
    let asked = catch_unwind(AssertUnwindSafe(ask));
    let message = match asked {
        Ok(Ok(truth)) => return Ok(truth),
        Ok(Err(error)) => error.to_string(),
        Err(payload) => caught(payload),
    };
    Err(Error::at(
        Kind::State,
        format!("`{call}`: {message}"),
        call.location(),
    ))
}

/// Keeps the failure for the handle of the task and for `failures`.
fn note(session: &Session, id: TaskId, failure: Option<Error>) {
    let name = {
        let mut state = session.state();
        match &failure {
            Some(error) => {
                let message = error.problems()[0].message.as_str().into();
                state.cond_errors.insert(id, message);
            }
            None => {
                state.cond_errors.remove(&id);
            }
        }
        state.task(id).spec.name.clone()
    };
    if let Some(error) = failure {
        session.fail(Part::Condition, Some(&name), error);
    }
}
