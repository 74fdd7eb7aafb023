//! Routes that pause the app, a group or a task, and that skip starts.

use rocketry_core::{Pause, Session, Task, TaskGroup, Timestamp};

use super::extract::{Acting, Given, Named};
use crate::instant::Side;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{Done, PauseRequest};

/// The scope of a pause.
enum Scope {
    App(Session),
    Group(TaskGroup),
    Task(Task),
}

pub(super) async fn pauses(Acting(api): Acting) -> Json<Vec<Pause>> {
    Json(api.session().pauses())
}

pub(super) async fn pause(Acting(api): Acting, Given(request): Given<PauseRequest>) -> Reply<Done> {
    pause_scope(&api, &app(&api)?, &request)
}

pub(super) async fn pause_group(
    Acting(api): Acting,
    Named(name): Named,
    Given(request): Given<PauseRequest>,
) -> Reply<Done> {
    pause_scope(&api, &group(&api, &name)?, &request)
}

pub(super) async fn pause_task(
    Acting(api): Acting,
    Named(name): Named,
    Given(request): Given<PauseRequest>,
) -> Reply<Done> {
    api.pause(&name, &request).map(Json)
}

pub(super) async fn resume(Acting(api): Acting) -> Reply<Done> {
    Ok(resume_scope(&app(&api)?))
}

pub(super) async fn resume_group(Acting(api): Acting, Named(name): Named) -> Reply<Done> {
    Ok(resume_scope(&group(&api, &name)?))
}

pub(super) async fn resume_task(Acting(api): Acting, Named(name): Named) -> Reply<Done> {
    api.resume(&name).map(Json)
}

pub(super) async fn skip_next(Acting(api): Acting) -> Reply<Done> {
    Ok(skip_next_of(&app(&api)?))
}

pub(super) async fn do_not_skip_next(Acting(api): Acting, Named(name): Named) -> Reply<Done> {
    api.do_not_skip_next(&name).map(Json)
}

pub(super) async fn skip_next_of_group(Acting(api): Acting, Named(name): Named) -> Reply<Done> {
    Ok(skip_next_of(&group(&api, &name)?))
}

pub(super) async fn skip_next_of_task(Acting(api): Acting, Named(name): Named) -> Reply<Done> {
    api.skip_next(&name).map(Json)
}

/// Each method returns a problem if the app is not running, or if there is no such task.
impl Api {
    /// Pauses a task: `POST /api/tasks/{task}/pause`.
    pub fn pause(&self, name: &str, request: &PauseRequest) -> Result<Done, Problem> {
        pause_scope(self, &task(self, name)?, request).map(|Json(done)| done)
    }

    /// Ends the pause of a task: `POST /api/tasks/{task}/resume`.
    pub fn resume(&self, name: &str) -> Result<Done, Problem> {
        let Json(done) = resume_scope(&task(self, name)?);
        Ok(done)
    }

    /// Cancels a skip of the next start of a task: `DELETE /api/tasks/{task}/skip-next`.
    pub fn do_not_skip_next(&self, name: &str) -> Result<Done, Problem> {
        let task = self.steered(name)?;
        task.do_not_skip_next();
        let message = format!("the next start of task `{}` is made", task.name());
        Ok(Done { message })
    }

    /// Skips the next start of a task: `POST /api/tasks/{task}/skip-next`.
    pub fn skip_next(&self, name: &str) -> Result<Done, Problem> {
        let Json(done) = skip_next_of(&task(self, name)?);
        Ok(done)
    }
}

fn app(api: &Api) -> Result<Scope, Problem> {
    api.steer().cloned().map(Scope::App)
}

fn group(api: &Api, name: &str) -> Result<Scope, Problem> {
    Ok(Scope::Group(api.steer()?.group(name)?))
}

fn task(api: &Api, name: &str) -> Result<Scope, Problem> {
    api.steered(name).map(Scope::Task)
}

fn pause_scope(api: &Api, scope: &Scope, request: &PauseRequest) -> Reply<Done> {
    let until = request
        .until
        .as_deref()
        .map(|text| future(api, text))
        .transpose()?;
    match (scope, until) {
        (Scope::App(session), None) => session.pause(),
        (Scope::App(session), Some(until)) => session.pause_until(until),
        (Scope::Group(group), None) => group.pause(),
        (Scope::Group(group), Some(until)) => group.pause_until(until),
        (Scope::Task(task), None) => task.pause(),
        (Scope::Task(task), Some(until)) => task.pause_until(until),
    }
    let zone = api.session().config().zone;
    let until = match until {
        Some(until) => format!("until {}", until.in_zone(&zone).format("%Y-%m-%d %H:%M:%S %Z")),
        None => "until it is resumed".to_owned(),
    };
    Ok(done(format!("{} is paused {until}", scope.name())))
}

/// Parses an instant in the future.
fn future(api: &Api, text: &str) -> Result<Timestamp, Problem> {
    let reading = api.reading(Side::Future);
    let at = reading
        .instant(text)
        .map_err(|mistake| Problem::invalid(mistake.to_string()))?;
    if at <= reading.now {
        return Err(Problem::invalid(format!(
            "`{text}` has passed, so nothing would be paused"
        )));
    }
    Ok(at)
}

fn resume_scope(scope: &Scope) -> Json<Done> {
    match scope {
        Scope::App(session) => session.resume(),
        Scope::Group(group) => group.resume(),
        Scope::Task(task) => task.resume(),
    }
    let left = match scope {
        Scope::Task(task) if task.is_paused() => ", but its group or the app is still paused",
        Scope::Group(group) if group.is_paused() => ", but the app is still paused",
        _ => "",
    };
    done(format!("{} is resumed{left}", scope.name()))
}

fn skip_next_of(scope: &Scope) -> Json<Done> {
    let message = match scope {
        Scope::App(session) => {
            session.skip_next();
            "the next start of every task is skipped".to_owned()
        }
        Scope::Group(group) => {
            group.skip_next();
            format!("the next start of every task of {} is skipped", scope.name())
        }
        Scope::Task(task) => {
            task.skip_next();
            format!("the next start of {} is skipped", scope.name())
        }
    };
    done(message)
}

impl Scope {
    fn name(&self) -> String {
        match self {
            Scope::App(_) => "the app".to_owned(),
            Scope::Group(group) => format!("group `{}`", group.name()),
            Scope::Task(task) => format!("task `{}`", task.name()),
        }
    }
}

fn done(message: String) -> Json<Done> {
    Json(Done { message })
}
