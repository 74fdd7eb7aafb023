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

#[test]
fn statements_priorities_and_pauses_are_changed_by_forms() {
    let app = started();
    let pages = dashboard(&app);
    let fetch = app.session().task("fetch").unwrap();
    let send_form = |action: &str, fields: &'static str| {
        let address = format!("/tasks/fetch/{action}");
        send(&pages, request("POST", &address).map(|_| Body::from(fields)))
    };
    assert_eq!(
        send_form("set-start", "statement=daily+at+04:00").status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(fetch.info().start.as_deref(), Some("daily at 04:00"));
    assert_eq!(
        send_form("set-priority", "priority=7").status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(fetch.info().priority, 7);
    send_form("set-timeout", "timeout=5+minutes");
    send_form("set-max-running", "count=3");
    send_form("set-execution", "execution=main");
    let info = fetch.info();
    assert_eq!(
        (info.timeout.as_deref(), info.max_running, info.execution),
        (Some("5 minutes"), Some(3), rocketry_core::Execution::Main)
    );
    send_form("pause", "until=2h");
    assert!(get(&pages, "/tasks/fetch").body.contains("paused"));
    send_form("reset", "");
    assert_eq!(fetch.info().start.as_deref(), Some("hourly"));
    let mistake = send_form("set-start", "statement=dialy+at+04:00");
    assert_eq!(mistake.status, StatusCode::BAD_REQUEST);
    assert!(mistake.body.contains("daily"), "{}", mistake.body);
}

#[test]
fn a_task_is_deleted_by_a_form() {
    let app = started();
    let pages = dashboard(&app);
    let answer = post(&pages, "/tasks/bill/delete");
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "../../tasks")
    );
    assert!(app.session().task("bill").is_err());
}

#[test]
fn past_instants_are_made_up_for_by_a_form() {
    let mut app = started();
    let pages = dashboard(&app);
    let before = app.session().task("fetch").unwrap().total(Action::Success);
    let form = request("POST", "/tasks/fetch/backfill").map(|_| Body::from("from=3h&to="));
    let answer = send(&pages, form);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    app.settle();
    assert_eq!(
        app.session().task("fetch").unwrap().total(Action::Success),
        before + 3
    );
}

#[test]
fn the_app_is_paused_and_a_pool_is_resized_by_forms() {
    let app = started();
    let pages = dashboard(&app);
    let answer = post(&pages, "/settings/pause");
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "../settings")
    );
    assert_eq!(app.session().pauses().len(), 1);
    assert!(get(&pages, "/settings").body.contains("Resume the app"));
    post(&pages, "/settings/resume");
    assert_eq!(app.session().pauses(), []);
    let name = app.session().pool_infos()[0].name.clone();
    let form = |fields: String| request("POST", "/settings/set-pool").map(|_| Body::from(fields));
    let answer = send(&pages, form(format!("name={name}&size=3")));
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(app.session().pool_infos()[0].size, 3);
    let unknown = send(&pages, form("name=nowhere&size=3".to_owned()));
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
