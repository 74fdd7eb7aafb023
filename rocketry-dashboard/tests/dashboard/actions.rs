//! Forms that steer the app.

use axum::body::Body;
use axum::http::StatusCode;
use rocketry_core::Action;

use crate::support::{dashboard, get, post, request, send, started};

#[test]
fn a_run_is_requested_and_the_browser_goes_back() {
    let mut app = started();
    let pages = dashboard(&app);
    let before = app.session().task("report").unwrap().total(Action::Success);
    let answer = post(&pages, "/tasks/report/run");
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "../../tasks/report")
    );
    app.settle();
    assert_eq!(
        app.session().task("report").unwrap().total(Action::Success),
        before + 1
    );
}

#[test]
fn fields_of_the_form_are_parameters_of_the_run() {
    let mut app = started();
    let pages = dashboard(&app);
    assert!(get(&pages, "/tasks/bill").body.contains("name=\"param.day\""));
    let form = |fields: &'static str| request("POST", "/tasks/bill/run").map(|_| Body::from(fields));
    let answer = send(&pages, form("param.day=2026-02-03&param.empty=&other=1"));
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    app.settle();
    let result = app.session().task("bill").unwrap().result().unwrap();
    assert_eq!(result.get::<String>().as_deref(), Some("2026-02-03"));

    let unknown = send(&pages, form("param.dya=2026-02-03"));
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(unknown.body.contains("did you mean `day`?"), "{}", unknown.body);
}

#[test]
fn a_task_is_paused_resumed_disabled_and_enabled() {
    let app = started();
    let pages = dashboard(&app);
    let fetch = app.session().task("fetch").unwrap();
    post(&pages, "/tasks/fetch/pause");
    assert!(fetch.is_paused());
    assert!(get(&pages, "/tasks/fetch").body.contains("Resume"));
    post(&pages, "/tasks/fetch/resume");
    assert!(!fetch.is_paused());
    post(&pages, "/tasks/fetch/skip-next");
    assert!(fetch.skips_next());
    post(&pages, "/tasks/fetch/disable");
    assert!(fetch.is_disabled());
    post(&pages, "/tasks/fetch/enable");
    assert!(!fetch.is_disabled());
}

#[test]
fn a_run_is_terminated() {
    let mut app = started();
    let pages = dashboard(&app);
    let wait = app.session().task("wait").unwrap();
    let run = wait.under_way()[0].run_id.clone();
    let answer = post(&pages, &format!("/runs/{run}/terminate"));
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    app.settle();
    assert_eq!(wait.total(Action::Terminate), 1);
    let refused = post(&pages, "/tasks/wait/terminate");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("no run under way"));
}
