//! Routes that steer the app.

use std::time::Duration;

use rocketry_core::param::Entry;
use rocketry_core::{Params, Record, RunId, Session, Task, Value};

use super::extract::{Acting, Given, Named};
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{Done, Requested, RunRequest};

pub(super) async fn run(
    Acting(api): Acting,
    Named(task): Named,
    Given(request): Given<RunRequest>,
) -> Reply<Requested> {
    api.run_task(&task, &request).await.map(Json)
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

pub(super) async fn terminate(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.terminate(&task).map(Json)
}

pub(super) async fn terminate_run(Acting(api): Acting, Named(run): Named) -> Reply<Done> {
    api.terminate_run(&run).map(Json)
}

pub(super) async fn enable(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.enable(&task).map(Json)
}

pub(super) async fn disable(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.disable(&task).map(Json)
}

/// Each method returns a problem if the app is not running, if there is no such task or run, or if the
/// request does not fit its state.
impl Api {
    /// Requests a run of a task: `POST /api/tasks/{task}/runs`.
    ///
    /// Dropping the future while it waits for the end does not cancel the request.
    pub async fn run_task(&self, task: &str, request: &RunRequest) -> Result<Requested, Problem> {
        let api = self.claimed_by(request.by.as_deref());
        let task = api.steered(task)?;
        let params = params(request);
        task.check_params(&params)?;
        let queued = task.run(params);
        let name = task.name().into();
        if request.wait {
            return Ok(Requested {
                task: name,
                end: Some(queued.await?),
            });
        }
        // A request that was refused immediately has its answer by now.
        let answer: Option<Result<Record, _>> = tokio::time::timeout(Duration::ZERO, queued).await.ok();
        let end = answer.transpose()?;
        Ok(Requested { task: name, end })
    }

    /// Tells the runs of a task to stop: `POST /api/tasks/{task}/terminate`.
    pub fn terminate(&self, task: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let count = task.under_way().len();
        if count == 0 {
            let message = format!("task `{}` has no run under way", task.name());
            return Err(Problem::new(ProblemKind::Refused, message));
        }
        task.terminate();
        let runs = if count == 1 { "run" } else { "runs" };
        Ok(done(format!(
            "told {count} {runs} of task `{}` to stop",
            task.name()
        )))
    }

    /// Tells a run to stop: `POST /api/runs/{run}/terminate`.
    pub fn terminate_run(&self, run: &str) -> Result<Done, Problem> {
        let session: &Session = self.steer()?;
        session.terminate_run(&RunId::from(run))?;
        Ok(done(format!("told run {run} to stop")))
    }

    /// Enables a task, so its start condition starts it again: `POST /api/tasks/{task}/enable`.
    pub fn enable(&self, task: &str) -> Result<Done, Problem> {
        self.change_task(task, Task::enable, "enabled")
    }

    /// Disables a task, so its start condition no longer starts it: `POST /api/tasks/{task}/disable`.
    pub fn disable(&self, task: &str) -> Result<Done, Problem> {
        self.change_task(task, Task::disable, "disabled")
    }

    fn change_task(&self, task: &str, change: impl FnOnce(&Task), what: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        change(&task);
        Ok(done(format!("task `{}` is {what}", task.name())))
    }
}

fn done(message: String) -> Done {
    Done { message }
}
