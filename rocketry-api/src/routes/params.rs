//! Routes for the parameters of the session and of tasks, and for the sizes of pools. Secrets are hidden.

use rocketry_core::{Params, PoolInfo};
use serde_json::{Map, Value};

use super::extract::{Acting, Demanded, Named, NamedTwice};
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{Done, ParamRequest, PoolRequest};

/// The maximum size of a pool.
const LARGEST: u64 = 1_000_000;

pub(super) async fn of_session(Acting(api): Acting) -> Json<Map<String, Value>> {
    Json(api.params())
}

pub(super) async fn of_task(Acting(api): Acting, Named(task): Named) -> Reply<Map<String, Value>> {
    api.task_params(&task).map(Json)
}

pub(super) async fn set(
    Acting(api): Acting,
    Named(name): Named,
    Demanded(request): Demanded<ParamRequest>,
) -> Reply<Done> {
    api.set_param(&name, request.value).map(Json)
}

pub(super) async fn remove(Acting(api): Acting, Named(name): Named) -> Reply<Done> {
    api.remove_param(&name).map(Json)
}

pub(super) async fn set_of_task(
    Acting(api): Acting,
    NamedTwice(task, name): NamedTwice,
    Demanded(request): Demanded<ParamRequest>,
) -> Reply<Done> {
    api.set_task_param(&task, &name, request.value).map(Json)
}

pub(super) async fn remove_of_task(Acting(api): Acting, NamedTwice(task, name): NamedTwice) -> Reply<Done> {
    api.remove_task_param(&task, &name).map(Json)
}

pub(super) async fn pools(Acting(api): Acting) -> Json<Vec<PoolInfo>> {
    Json(api.session().pool_infos())
}

pub(super) async fn resize(
    Acting(api): Acting,
    Named(pool): Named,
    Demanded(request): Demanded<PoolRequest>,
) -> Reply<Done> {
    api.set_pool(&pool, request.size).map(Json)
}

/// Methods that change something return a problem if the app is not running.
impl Api {
    /// Returns the parameters of the session that have a plain value: `GET /api/params`.
    pub fn params(&self) -> Map<String, Value> {
        object(self.session().params().to_json())
    }

    /// Returns the parameters of a task that have a plain value: `GET /api/tasks/{task}/params`.
    ///
    /// # Errors
    ///
    /// Returns a problem if there is no such task.
    pub fn task_params(&self, task: &str) -> Result<Map<String, Value>, Problem> {
        Ok(object(self.task(task)?.params().to_json()))
    }

    /// Sets a parameter of the session: `PUT /api/params/{param}`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the session has no such parameter and no task takes it, or if the value does not
    /// fit a task that takes it.
    pub fn set_param(&self, name: &str, value: Value) -> Result<Done, Problem> {
        self.steer()?.set_param_json(name, value)?;
        Ok(done(format!("parameter `{name}` is set")))
    }

    /// Removes a parameter of the session: `DELETE /api/params/{param}`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the session has no such parameter.
    pub fn remove_param(&self, name: &str) -> Result<Done, Problem> {
        self.steer()?;
        if !self.session().remove_param(name) {
            return Err(no_param(name, &self.session().params()));
        }
        Ok(done(format!("parameter `{name}` is removed")))
    }

    /// Sets a parameter of a task: `PUT /api/tasks/{task}/params/{param}`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the task takes no such parameter, or if the value does not fit.
    pub fn set_task_param(&self, task: &str, name: &str, value: Value) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        task.set_param_json(name, value)?;
        Ok(done(format!(
            "parameter `{name}` of task `{}` is set",
            task.name()
        )))
    }

    /// Removes a parameter of a task: `DELETE /api/tasks/{task}/params/{param}`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the task has no such parameter.
    pub fn remove_task_param(&self, task: &str, name: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        if !task.remove_param(name) {
            return Err(no_param(name, &task.params()));
        }
        Ok(done(format!(
            "parameter `{name}` of task `{}` is removed",
            task.name()
        )))
    }

    /// Changes the size of a pool: `PUT /api/pools/{pool}`.
    ///
    /// # Errors
    ///
    /// Returns a problem if there is no such pool, or if the size is 0.
    pub fn set_pool(&self, pool: &str, size: u64) -> Result<Done, Problem> {
        let session = self.steer()?;
        let known = session.pool_infos();
        if !known.iter().any(|one| &*one.name == pool) {
            return Err(Problem::unknown("pool", pool, known.iter().map(|one| &*one.name)));
        }
        if size == 0 {
            return Err(Problem::invalid(format!(
                "pool `{pool}` needs room: its size can't be 0"
            )));
        }
        let size = usize::try_from(size.min(LARGEST)).unwrap_or(usize::MAX);
        session.set_pool(pool, size)?;
        Ok(done(format!("pool `{pool}` has room for {size}")))
    }
}

fn object(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The problem for an unknown parameter.
fn no_param(name: &str, params: &Params) -> Problem {
    Problem::unknown("parameter", name, params.iter().map(|(name, _)| name))
}

fn done(message: String) -> Done {
    Done { message }
}
