//! Calls the user's functions that a decision depends on, without any lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use crate::cond::CondCall;
use crate::dispatch::user_calls::Called;
use crate::drops::caught;
use crate::engine::condition_results::ConditionResult;
use crate::engine::decide::{Start, Stop};
use crate::engine::naming;
use crate::engine::spec::Statement;
use crate::engine::standing::{Answers, decide_about, lacks_why, unknowns_of_end, unknowns_of_start};
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
            Start::Due => lacks_why(&state, id, now, &Answers::default()),
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
    let (start, end) = (
        start.map(|start| start.ask(session, id, zone, now)),
        end.map(|end| end.ask(session, id, zone, now)),
    );
    let answers = |given: &Option<Given>| given.as_ref().map_or_else(Vec::new, Given::answers);
    let mut answers = Answers {
        start: answers(&start),
        end: answers(&end),
        name: None,
    };
    note(session, id, [start, end].into_iter().flatten());
    answers.name = due_if_starting(session, id, now, &answers).and_then(|due| name(session, id, due));
    answers
}

/// Returns when the run that is about to start is due, if one is.
fn due_if_starting(session: &Session, id: TaskId, now: Timestamp, answers: &Answers) -> Option<Timestamp> {
    let state = session.state();
    match decide_about(&state, id, now, answers).start {
        Start::Requested => Some(now),
        Start::Due => Some(state.due_at(id, now)),
        _ => None,
    }
}

/// Returns the name of the next run, if the task names its runs. If its function panics or returns no valid
/// name, the run gets a number.
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

    fn ask(self, session: &Session, id: TaskId, zone: Zone, now: Timestamp) -> Given {
        let mut given = Given {
            answers: Vec::with_capacity(self.asked.len()),
            failure: None,
            statement: self.statement,
        };
        for index in self.asked {
            let begun = Instant::now();
            let answer = ask_one(session, id, zone, &given.statement.plan.customs()[index]);
            let took = begun.elapsed();
            let error = answer.as_ref().err().map(|error| message(error).into());
            let asked = ConditionResult {
                answer: matches!(answer, Ok(true)),
                at: now,
                since: now,
                took,
                error,
            };
            given.failure = answer.err().or(given.failure);
            given.answers.push((index, asked));
        }
        given
    }
}

/// The results of evaluated conditions.
struct Given {
    statement: Arc<Statement>,
    /// The results, each with the position of the custom condition in its statement.
    answers: Vec<(usize, ConditionResult)>,
    /// The error of the last condition that failed.
    failure: Option<Error>,
}

impl Given {
    /// Returns the results by the positions of all custom conditions of the statement.
    fn answers(&self) -> Vec<Option<bool>> {
        let mut answers = vec![None; self.statement.plan.customs().len()];
        for (index, asked) in &self.answers {
            answers[*index] = Some(asked.answer);
        }
        answers
    }
}

fn message(error: &Error) -> &str {
    &error.problems()[0].message
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

/// Stores the results for the handle of the task and for explanations, and adds an error to `failures`.
fn note(session: &Session, id: TaskId, given: impl Iterator<Item = Given>) {
    let mut failure = None;
    let name = {
        let mut state = session.state();
        for given in given {
            // The task may have been deleted in the meantime.
            if !state.task(id).deleted {
                state.asked.note(id, &given.statement, given.answers);
            }
            failure = given.failure.or(failure);
        }
        state.task(id).spec.name.clone()
    };
    if let Some(error) = failure {
        session.fail(Part::Condition, Some(&name), error);
    }
}
