//! Forms that steer the app. Each sends the browser back to the page that it came from.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use rocketry_api::{PauseRequest, Problem, RunRequest};
use serde_json::Value as Json;

use super::{Acting, Pages};
use crate::view::{Named, Place, Tab, segment};

/// Requests a run. Fields named `param.…` are its parameters; empty ones are left out.
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
    let done = api.run_task(&task, &request).await.map(|_| ());
    back_to_task(&pages, &place, &task, done)
}

pub(crate) async fn terminate(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    let done = api.terminate(&task).map(|_| ());
    back_to_task(&pages, &place, &task, done)
}

pub(crate) async fn pause(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    let done = api.pause(&task, &PauseRequest::default()).map(|_| ());
    back_to_task(&pages, &place, &task, done)
}

pub(crate) async fn resume(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    let done = api.resume(&task).map(|_| ());
    back_to_task(&pages, &place, &task, done)
}

pub(crate) async fn skip_next(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    let done = api.skip_next(&task).map(|_| ());
    back_to_task(&pages, &place, &task, done)
}

pub(crate) async fn enable(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    let done = api.enable(&task).map(|_| ());
    back_to_task(&pages, &place, &task, done)
}

pub(crate) async fn disable(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(task): Named,
) -> Response {
    let done = api.disable(&task).map(|_| ());
    back_to_task(&pages, &place, &task, done)
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
