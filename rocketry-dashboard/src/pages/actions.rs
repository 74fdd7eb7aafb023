//! Forms that steer the app. Each redirects the browser back to its page.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use rocketry_api::{
    Api, BackfillRequest, Done, EndRequest, ExecutionRequest, MaxRunningRequest, PauseRequest, Problem,
    RunRequest, TimeoutRequest,
};
use rocketry_core::Session;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{Acting, Pages};
use crate::view::{Named, Place, Tab, segment};

/// A statement from a form.
#[derive(Deserialize)]
pub(crate) struct Statement {
    pub(crate) statement: String,
}

/// A priority from a form.
#[derive(Deserialize)]
pub(crate) struct Priority {
    pub(crate) priority: i64,
}

/// The end of a pause from a form. If empty, the pause lasts until it is resumed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Until {
    until: String,
}

/// A parameter of the session from a form.
#[derive(Deserialize)]
pub(crate) struct Param {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) value: String,
}

/// The size of a pool from a form.
#[derive(Deserialize)]
pub(crate) struct PoolSize {
    pub(crate) name: String,
    pub(crate) size: u64,
}

/// A form of a task without fields.
pub(crate) fn of_task(act: fn(&Api, &str) -> Result<Done, Problem>) -> MethodRouter<Pages> {
    post(
        async move |State(pages): State<Pages>, Acting(api): Acting, place: Place, Named(task): Named| {
            back_to_task(&pages, &place, &task, act(&api, &task).map(drop))
        },
    )
}

/// A form of a task with fields.
pub(crate) fn of_task_with<F>(act: fn(&Api, &str, F) -> Result<Done, Problem>) -> MethodRouter<Pages>
where
    F: DeserializeOwned + Send + 'static,
{
    post(
        async move |State(pages): State<Pages>,
                    Acting(api): Acting,
                    place: Place,
                    Named(task): Named,
                    Form(fields): Form<F>| {
            back_to_task(&pages, &place, &task, act(&api, &task, fields).map(drop))
        },
    )
}

/// A form of the page of settings.
pub(crate) fn of_settings<F>(act: fn(&Api, F) -> Result<(), Problem>) -> MethodRouter<Pages>
where
    F: DeserializeOwned + Send + 'static,
{
    post(
        async move |State(pages): State<Pages>, Acting(api): Acting, place: Place, Form(fields): Form<F>| {
            match act(&api, fields) {
                Ok(()) => place.go("settings"),
                Err(problem) => pages.show(&place, Tab::Settings, "", Err(problem)),
            }
        },
    )
}

/// A form without fields.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Requests a run. Fields named `param.…` are its parameters; empty ones are omitted.
pub(crate) async fn run(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let params = fields.into_iter().filter_map(|(field, text)| {
        let key = field.strip_prefix("param.")?;
        (!text.is_empty()).then(|| (key.to_owned(), Json::String(text)))
    });
    let request = RunRequest {
        params: params.collect(),
        wait: false,
        by: None,
    };
    let done = api.run_task(&task, &request).await.map(drop);
    back_to_task(&pages, &place, &task, done)
}

/// The range of a backfill from a form.
#[derive(Deserialize)]
pub(crate) struct Past {
    from: String,
    #[serde(default)]
    to: String,
    missed: Option<String>,
}

/// Makes up for past instants.
pub(crate) async fn backfill(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
    Form(past): Form<Past>,
) -> Response {
    let request = BackfillRequest {
        from: past.from,
        to: (!past.to.trim().is_empty()).then_some(past.to),
        missed: past.missed.is_some(),
        ..BackfillRequest::default()
    };
    let done = api.backfill(&task, &request).await.map(drop);
    back_to_task(&pages, &place, &task, done)
}

pub(crate) fn set_start(api: &Api, task: &str, Statement { statement }: Statement) -> Result<Done, Problem> {
    api.set_start(task, &statement)
}

pub(crate) fn set_end(api: &Api, task: &str, Statement { statement }: Statement) -> Result<Done, Problem> {
    api.set_end(task, &statement)
}

pub(crate) fn set_priority(api: &Api, task: &str, Priority { priority }: Priority) -> Result<Done, Problem> {
    api.set_priority(task, priority)
}

pub(crate) fn set_timeout(api: &Api, task: &str, asked: TimeoutRequest) -> Result<Done, Problem> {
    api.set_timeout(task, &asked.timeout)
}

pub(crate) fn set_max_running(api: &Api, task: &str, asked: MaxRunningRequest) -> Result<Done, Problem> {
    api.set_max_running(task, asked.count)
}

pub(crate) fn set_execution(api: &Api, task: &str, asked: ExecutionRequest) -> Result<Done, Problem> {
    api.set_execution(task, asked.execution)
}

/// Deletes a task. Its page no longer exists, so the browser is redirected to the list.
pub(crate) async fn delete(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    match api.delete(&task) {
        Ok(_) => place.go("tasks"),
        Err(problem) => pages.show(&place, Tab::Tasks, "", Err(problem)),
    }
}

pub(crate) fn set_param(api: &Api, Param { name, value }: Param) -> Result<(), Problem> {
    api.set_param(&name, Json::String(value)).map(drop)
}

pub(crate) fn remove_param(api: &Api, Param { name, .. }: Param) -> Result<(), Problem> {
    api.remove_param(&name).map(drop)
}

pub(crate) fn set_pool(api: &Api, PoolSize { name, size }: PoolSize) -> Result<(), Problem> {
    api.set_pool(&name, size).map(drop)
}

pub(crate) fn pause_app(api: &Api, Nothing {}: Nothing) -> Result<(), Problem> {
    api.steer().map(Session::pause)
}

pub(crate) fn resume_app(api: &Api, Nothing {}: Nothing) -> Result<(), Problem> {
    api.steer().map(Session::resume)
}

pub(crate) fn shut_down(api: &Api, Nothing {}: Nothing) -> Result<(), Problem> {
    api.shut_down(EndRequest::default()).map(drop)
}

pub(crate) fn restart(api: &Api, Nothing {}: Nothing) -> Result<(), Problem> {
    api.restart(EndRequest::default()).map(drop)
}

/// Pauses a task, with or without an end.
pub(crate) fn pause(api: &Api, task: &str, Until { until }: Until) -> Result<Done, Problem> {
    let until = (!until.trim().is_empty()).then_some(until);
    api.pause(task, &PauseRequest { until })
}

pub(crate) async fn terminate_run(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(run): Named,
) -> Response {
    match api.terminate_run(&run) {
        Ok(_) => place.go(&format!("runs/{}", segment(&run))),
        Err(problem) => pages.show(&place, Tab::None, "", Err(problem)),
    }
}

fn back_to_task(pages: &Pages, place: &Place, task: &str, done: Result<(), Problem>) -> Response {
    match done {
        Ok(()) => place.go(&format!("tasks/{}", segment(task))),
        Err(problem) => pages.show(place, Tab::Tasks, "", Err(problem)),
    }
}
