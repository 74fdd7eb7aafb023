//! Steers the app.

use std::time::Duration;

use axum::extract::State;
use rocketry_core::param::Entry;
use rocketry_core::{Params, Record, RunId, Session, Task, Value};

use super::extract::{Given, Named};
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{Done, Requested, RunRequest};

pub(super) async fn run(
    State(api): State<Api>,
    Named(task): Named,
    Given(request): Given<RunRequest>,
) -> Reply<Requested> {
    api.steer()?;
    let task = api.task(&task)?;
    let params = params(&request);
    task.check_params(&params)?;
    let queued = match &request.by {
        Some(by) => task.run_by(by.as_str(), params),
        None => task.run(params),
    };
    let name = task.name().into();
    if request.wait {
        return Ok(Json(Requested {
            task: name,
            end: Some(queued.await?),
        }));
    }
    // A request that is refused at once has its answer now.
    let answer: Option<Result<Record, _>> = tokio::time::timeout(Duration::ZERO, queued).await.ok();
    let end = answer.transpose()?;
    Ok(Json(Requested { task: name, end }))
}

fn params(request: &RunRequest) -> Params {
    let mut params = Params::new();
    for (key, json) in &request.params {
        let value = match json {
            serde_json::Value::String(text) => Value::text(text.clone()),
            other => Value::json(other.clone()),
        };
        params.set(key, Entry::value_of(value));
    }
    params
}

pub(super) async fn terminate(State(api): State<Api>, Named(task): Named) -> Reply<Done> {
    api.steer()?;
    let task = api.task(&task)?;
    let count = task.under_way().len();
    if count == 0 {
        let message = format!("task `{}` has no run under way", task.name());
        return Err(Problem::new(ProblemKind::Refused, message));
    }
    task.terminate();
    let runs = if count == 1 { "run" } else { "runs" };
    done(format!("told {count} {runs} of task `{}` to stop", task.name()))
}

pub(super) async fn terminate_run(State(api): State<Api>, Named(run): Named) -> Reply<Done> {
    let session: &Session = api.steer()?;
    session.terminate_run(&RunId::from(run.as_str()))?;
    done(format!("told run {run} to stop"))
}

pub(super) async fn enable(State(api): State<Api>, Named(task): Named) -> Reply<Done> {
    steer(&api, &task, Task::enable, "enabled")
}

pub(super) async fn disable(State(api): State<Api>, Named(task): Named) -> Reply<Done> {
    steer(&api, &task, Task::disable, "disabled")
}

/// Does something to a task.
fn steer(api: &Api, task: &str, act: impl FnOnce(&Task), what: &str) -> Reply<Done> {
    api.steer()?;
    let task = api.task(task)?;
    act(&task);
    done(format!("task `{}` is {what}", task.name()))
}

#[expect(clippy::unnecessary_wraps, reason = "it is the reply of a route")]
fn done(message: String) -> Reply<Done> {
    Ok(Json(Done { message }))
}
