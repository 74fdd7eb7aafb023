//! Routes that change options of tasks, and reset them to the values in the code.

use rocketry_core::{Condition, Execution, Override, Task};

use super::extract::{Acting, Demanded, Named};
use super::statement::bounded;
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{
    Done, ExecutionRequest, MaxRunningRequest, PriorityRequest, StatementRequest, TimeoutRequest,
};

/// The allowed range of priorities.
const PRIORITIES: std::ops::RangeInclusive<i64> = -1_000_000..=1_000_000;

/// The maximum number of concurrent runs of a task.
const MOST_RUNNING: u64 = 1_000_000;

pub(super) async fn all(Acting(api): Acting) -> Json<Vec<Override>> {
    Json(api.session().overrides())
}

pub(super) async fn start(
    Acting(api): Acting,
    Named(task): Named,
    Demanded(request): Demanded<StatementRequest>,
) -> Reply<Done> {
    let set = api.read(move |api| api.set_start(&task, &request.statement));
    set.await.map(Json)
}

pub(super) async fn end(
    Acting(api): Acting,
    Named(task): Named,
    Demanded(request): Demanded<StatementRequest>,
) -> Reply<Done> {
    let set = api.read(move |api| api.set_end(&task, &request.statement));
    set.await.map(Json)
}

pub(super) async fn priority(
    Acting(api): Acting,
    Named(task): Named,
    Demanded(request): Demanded<PriorityRequest>,
) -> Reply<Done> {
    api.set_priority(&task, request.priority).map(Json)
}

pub(super) async fn timeout(
    Acting(api): Acting,
    Named(task): Named,
    Demanded(request): Demanded<TimeoutRequest>,
) -> Reply<Done> {
    api.set_timeout(&task, &request.timeout).map(Json)
}

pub(super) async fn max_running(
    Acting(api): Acting,
    Named(task): Named,
    Demanded(request): Demanded<MaxRunningRequest>,
) -> Reply<Done> {
    api.set_max_running(&task, request.count).map(Json)
}

pub(super) async fn execution(
    Acting(api): Acting,
    Named(task): Named,
    Demanded(request): Demanded<ExecutionRequest>,
) -> Reply<Done> {
    api.set_execution(&task, request.execution).map(Json)
}

pub(super) async fn delete(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.delete(&task).map(Json)
}

pub(super) async fn reset(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.reset(&task).map(Json)
}

/// Each method returns a problem if the app is not running, or if there is no such task.
impl Api {
    /// Changes the start condition of a task: `PUT /api/tasks/{task}/start`. Reads the run log if the
    /// statement needs more history than before, so it may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the statement has a mistake or is longer than 2,000 bytes.
    pub fn set_start(&self, task: &str, statement: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        task.set_start(read(statement)?)?;
        Ok(said(&task, "starts", task.start_condition()))
    }

    /// Changes the end condition of a task: `PUT /api/tasks/{task}/end`. It may block like
    /// [`set_start`](Self::set_start).
    ///
    /// # Errors
    ///
    /// Returns a problem if the statement has a mistake or is longer than 2,000 bytes.
    pub fn set_end(&self, task: &str, statement: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        task.set_end(read(statement)?)?;
        Ok(said(&task, "ends", task.end_condition()))
    }

    /// Changes the priority of a task: `PUT /api/tasks/{task}/priority`. It is clamped to a million in both
    /// directions.
    pub fn set_priority(&self, task: &str, priority: i64) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let priority = priority.clamp(*PRIORITIES.start(), *PRIORITIES.end());
        task.set_priority(i32::try_from(priority).unwrap_or_default());
        let message = format!("the priority of task `{}` is {priority}", task.name());
        Ok(Done { message })
    }

    /// Changes the timeout of a task, for runs that start from now on: `PUT /api/tasks/{task}/timeout`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the text is neither a duration nor `never`.
    pub fn set_timeout(&self, task: &str, timeout: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        match timeout.trim() {
            "never" => task.set_no_timeout(),
            length => task.set_timeout(length)?,
        }
        let limit = match task.info().timeout {
            Some(timeout) => format!("may take {timeout}"),
            None => "may take as long as they need".to_owned(),
        };
        Ok(Done {
            message: format!("runs of task `{}` {limit}", task.name()),
        })
    }

    /// Changes the maximum number of concurrent runs of a task: `PUT /api/tasks/{task}/max-running`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the number is 0.
    pub fn set_max_running(&self, task: &str, count: u64) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        if count == 0 {
            let message = format!(
                "at least 1 run of task `{}` has to be allowed: disable or pause it to allow none",
                task.name()
            );
            return Err(Problem::invalid(message));
        }
        let count = count.min(MOST_RUNNING);
        task.set_max_running(u32::try_from(count).unwrap_or(u32::MAX));
        let runs = if count == 1 { "run" } else { "runs" };
        let message = format!("task `{}` makes at most {count} {runs} at a time", task.name());
        Ok(Done { message })
    }

    /// Changes where a task runs, for runs that start from now on: `PUT /api/tasks/{task}/execution`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the task can't run there: a command always runs in its own process, and a process
    /// has no session.
    pub fn set_execution(&self, task: &str, execution: Execution) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        task.set_execution(execution)?;
        let message = format!("runs of task `{}` execute as `{execution}`", task.name());
        Ok(Done { message })
    }

    /// Deletes a task until the app restarts: `DELETE /api/tasks/{task}`. Runs in progress continue, and the
    /// run log keeps its records.
    pub fn delete(&self, task: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let message = format!("task `{}` is deleted", task.name());
        task.delete();
        Ok(Done { message })
    }

    /// Resets the options of a task to the values in the code: `POST /api/tasks/{task}/reset`.
    pub fn reset(&self, task: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let changed = task.overrides().len();
        task.reset();
        let name = task.name();
        let message = match changed {
            0 => format!("no option of task `{name}` differs from what the code says"),
            1 => format!("1 option of task `{name}` has the value in the code again"),
            many => format!("{many} options of task `{name}` have the values in the code again"),
        };
        Ok(Done { message })
    }

    /// A task of a running app.
    pub(super) fn steered(&self, task: &str) -> Result<Task, Problem> {
        self.steer()?;
        self.task(task)
    }
}

/// Parses a statement.
fn read(statement: &str) -> Result<Condition, Problem> {
    bounded(statement)?;
    Condition::parse(statement).map_err(|mistake| Problem::told(ProblemKind::Invalid, mistake.to_string()))
}

fn said(task: &Task, does: &str, condition: Option<Condition>) -> Done {
    let condition = condition.map_or_else(String::new, |condition| condition.to_string());
    Done {
        message: format!("task `{}` {does} `{condition}`", task.name()),
    }
}
