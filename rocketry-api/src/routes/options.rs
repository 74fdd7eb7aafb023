//! Changes options of tasks, and returns them to what the code says.

use rocketry_core::{Condition, Override, Task};

use super::extract::{Acting, Demanded, Named};
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{Done, PriorityRequest, StatementRequest};

/// The longest statement that is read, in bytes.
const LONGEST: usize = 2000;

/// The least and the greatest priority.
const PRIORITIES: std::ops::RangeInclusive<i64> = -1_000_000..=1_000_000;

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

pub(super) async fn reset(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.reset(&task).map(Json)
}

/// Each returns a problem if the app does not run, or if there is no such task.
impl Api {
    /// Changes when a task may start: what `PUT /api/tasks/{task}/start` does. It reads the run log if the statement looks back
    /// further than before, so it may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the statement has a mistake or more than 2,000 bytes.
    pub fn set_start(&self, task: &str, statement: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        task.set_start(read(statement)?)?;
        Ok(said(&task, "starts", task.start_condition()))
    }

    /// Changes when runs of a task have to end: what `PUT /api/tasks/{task}/end` does. It may block as
    /// [`set_start`](Self::set_start) does.
    ///
    /// # Errors
    ///
    /// Returns a problem if the statement has a mistake or more than 2,000 bytes.
    pub fn set_end(&self, task: &str, statement: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        task.set_end(read(statement)?)?;
        Ok(said(&task, "ends", task.end_condition()))
    }

    /// Changes the priority of a task: what `PUT /api/tasks/{task}/priority` does. It is at most a million, either way.
    pub fn set_priority(&self, task: &str, priority: i64) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let priority = priority.clamp(*PRIORITIES.start(), *PRIORITIES.end());
        task.set_priority(i32::try_from(priority).unwrap_or_default());
        let message = format!("the priority of task `{}` is {priority}", task.name());
        Ok(Done { message })
    }

    /// Returns the options of a task to what the code says: what `POST /api/tasks/{task}/reset` does.
    pub fn reset(&self, task: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let changed = task.overrides().len();
        task.reset();
        let options = if changed == 1 { "option" } else { "options" };
        let message = format!(
            "{changed} {options} of task `{}`: the code says how it is again",
            task.name()
        );
        Ok(Done { message })
    }

    /// A task of an app that runs.
    pub(super) fn steered(&self, task: &str) -> Result<Task, Problem> {
        self.steer()?;
        self.task(task)
    }
}

/// Reads a statement.
fn read(statement: &str) -> Result<Condition, Problem> {
    if statement.len() > LONGEST {
        return Err(Problem::invalid(format!(
            "the statement has {} bytes: at most {LONGEST} are read",
            statement.len()
        )));
    }
    Condition::parse(statement).map_err(|mistake| Problem::told(ProblemKind::Invalid, mistake.to_string()))
}

fn said(task: &Task, does: &str, condition: Option<Condition>) -> Done {
    let condition = condition.map_or_else(String::new, |condition| condition.to_string());
    Done {
        message: format!("task `{}` {does} `{condition}`", task.name()),
    }
}
