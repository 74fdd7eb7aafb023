//! Changing tasks, parameters and pools, and ending the app.

use rocketry_api::client::Client;
use rocketry_api::{Api, AuditFilter, Caller, EndRequest, ProblemKind, router};
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Execution, Phase, Rocketry, Task, func};
use serde_json::json;

use super::support::{START, client, problem, started, wait};

fn with_params() -> TestApp {
    let import = Task::func(
        "import",
        func!(|limit: u32, day: String| format!("{day} {limit}")),
    );
    let config = Config {
        secrets: vec!["password".into()],
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .pool("db", 2)
        .param("day", "monday".to_owned())
        .param("password", "hunter2".to_owned())
        .task(import.parameter("limit", 10_u32));
    TestApp::start(app, START).unwrap()
}

#[test]
fn a_task_gets_other_conditions_and_another_priority_and_returns_to_the_code() {
    let app = started();
    let client = client(&app);
    let told = wait(client.set_start("fetch", "daily after 07:00")).unwrap();
    assert_eq!(told.message, "task `fetch` starts `daily after 07:00`");
    wait(client.set_end("fetch", "daily after 08:00")).unwrap();
    wait(client.set_priority("fetch", 1 << 60)).unwrap();
    let info = wait(client.task("fetch")).unwrap();
    assert_eq!(info.start.as_deref(), Some("daily after 07:00"));
    assert!(info.end.is_some());
    assert_eq!(info.priority, 1_000_000);
    assert_eq!(wait(client.overrides()).unwrap().len(), 3);

    let told = wait(client.reset("fetch")).unwrap();
    assert_eq!(
        told.message,
        "3 options of task `fetch` have the values in the code again"
    );
    assert_eq!(
        wait(client.task("fetch")).unwrap().start.as_deref(),
        Some("hourly")
    );
    assert_eq!(wait(client.overrides()).unwrap(), []);
}

#[test]
fn limits_and_the_place_of_runs_are_changed() {
    let app = started();
    let client = client(&app);
    let told = wait(client.set_timeout("fetch", "10 minutes")).unwrap();
    assert_eq!(told.message, "runs of task `fetch` may take 10 minutes");
    assert_eq!(
        wait(client.task("fetch")).unwrap().timeout.as_deref(),
        Some("10 minutes")
    );
    let told = wait(client.set_timeout("fetch", "never")).unwrap();
    assert_eq!(told.message, "runs of task `fetch` may take as long as they need");
    assert_eq!(wait(client.task("fetch")).unwrap().timeout, None);
    let mistake = problem(wait(client.set_timeout("fetch", "10 minuets")));
    assert_eq!(mistake.kind, ProblemKind::Invalid, "{mistake}");

    wait(client.set_max_running("fetch", 1 << 60)).unwrap();
    assert_eq!(wait(client.task("fetch")).unwrap().max_running, Some(1_000_000));
    let none = problem(wait(client.set_max_running("fetch", 0)));
    assert_eq!(none.kind, ProblemKind::Invalid);

    wait(client.set_execution("fetch", Execution::Main)).unwrap();
    assert_eq!(wait(client.task("fetch")).unwrap().execution, Execution::Main);
    assert_eq!(wait(client.overrides()).unwrap().len(), 3);
}

#[test]
fn a_deleted_task_is_gone_and_its_records_are_kept() {
    let mut app = started();
    app.run_until("2026-01-01T01:30:00Z");
    let api = Api::of_running("shop", app.session().clone()).called_by(&Caller::via("test").named("ann"));
    let client = Client::in_process(router(api));
    wait(client.delete_task("fetch")).unwrap();
    let gone = problem(wait(client.task("fetch")));
    assert_eq!(gone.kind, ProblemKind::NotFound);
    let records = app.records(&rocketry_core::Query::new().task("fetch"));
    assert_eq!(records.len(), 4);
    let filter = AuditFilter {
        action: Some("delete".into()),
        ..AuditFilter::default()
    };
    let audit = wait(client.audit(&filter)).unwrap();
    let [entry] = &audit.items[..] else {
        panic!("{audit:?}")
    };
    assert_eq!(entry.to_string(), "ann by test: `delete` of task `fetch`");
}

#[test]
fn a_statement_with_a_mistake_changes_nothing() {
    let app = started();
    let client = client(&app);
    let long = format!("daily{}", " & daily".repeat(500));
    for (statement, part) in [
        ("dayly after 07:00", "daily"),
        ("after task 'fecth'", "fetch"),
        ("daily after", ""),
        ("", ""),
        (long.as_str(), "at most 2000"),
    ] {
        let refused = problem(wait(client.set_start("report", statement)));
        assert_eq!(refused.kind, ProblemKind::Invalid, "{statement:.40}: {refused}");
        assert!(refused.detail.contains(part), "{statement:.40}: {refused}");
        if statement.contains("fecth") || statement.starts_with("dayly") {
            assert!(refused.nearest.is_some(), "{refused}");
        }
    }
    assert_eq!(
        wait(client.task("report")).unwrap().start.as_deref(),
        Some("after task 'fetch'")
    );
    let unknown = problem(wait(client.set_start("fecth", "daily")));
    assert_eq!(unknown.nearest.as_deref(), Some("fetch"));
}

#[test]
fn parameters_are_set_if_they_are_known_and_fit() {
    let mut app = with_params();
    let client = client(&app);
    wait(client.set_param(Some("import"), "limit", json!("20"))).unwrap();
    wait(client.set_param(None, "day", json!("tuesday"))).unwrap();
    wait(client.run_task("import", &rocketry_api::RunRequest::default())).unwrap();
    app.settle();
    let result = app.session().task("import").unwrap().result().unwrap();
    assert_eq!(result.get::<String>().as_deref(), Some("tuesday 20"));
    assert_eq!(wait(client.params(Some("import"))).unwrap()["limit"], json!("20"));

    let unfit = problem(wait(client.set_param(Some("import"), "limit", json!("many"))));
    assert_eq!(unfit.kind, ProblemKind::Invalid, "{unfit}");
    let unfit = problem(wait(client.set_param(None, "day", json!([1]))));
    assert_eq!(unfit.kind, ProblemKind::Invalid, "{unfit}");
    let unknown = problem(wait(client.set_param(None, "dya", json!(1))));
    assert_eq!(
        (unknown.kind, unknown.nearest.as_deref()),
        (ProblemKind::NotFound, Some("day"))
    );

    wait(client.remove_param(Some("import"), "limit")).unwrap();
    let gone = problem(wait(client.remove_param(Some("import"), "limit")));
    assert_eq!(gone.kind, ProblemKind::NotFound);
}

#[test]
fn a_secret_can_be_set_and_is_not_shown() {
    let app = with_params();
    let client = client(&app);
    wait(client.set_param(None, "password", json!("swordfish"))).unwrap();
    assert_eq!(wait(client.params(None)).unwrap()["password"], json!("***"));
    let known: String = app.session().param("password").unwrap().read().unwrap();
    assert_eq!(known, "swordfish");
}

#[test]
fn a_pool_gets_another_size() {
    let app = with_params();
    let client = client(&app);
    wait(client.set_pool("db", 5)).unwrap();
    let pools = wait(client.pools()).unwrap();
    assert_eq!(pools.iter().find(|pool| &*pool.name == "db").unwrap().size, 5);
    assert_eq!(problem(wait(client.set_pool("db", 0))).kind, ProblemKind::Invalid);
    assert_eq!(
        problem(wait(client.set_pool("dbs", 1))).nearest.as_deref(),
        Some("db")
    );
}

#[test]
fn a_start_that_was_to_be_skipped_is_made_after_all() {
    let app = started();
    let client = client(&app);
    app.session().task("fetch").unwrap().skip_next();
    wait(client.do_not_skip_next("fetch")).unwrap();
    assert!(!app.session().task("fetch").unwrap().skips_next());
}

#[test]
fn the_app_shuts_down() {
    let app = started();
    let told = wait(client(&app).shut_down(EndRequest { now: true })).unwrap();
    assert_eq!(
        told.message,
        "`shop` shuts down, and terminates the runs under way"
    );
    assert!(app.session().phase() >= Phase::Forced);
    let refused = problem(wait(client(&app).restart(EndRequest::default())));
    assert_eq!(refused.kind, ProblemKind::Refused);
}

#[test]
fn the_app_restarts() {
    let mut app = started();
    let before = app.session().started();
    app.run_until("2026-01-01T00:10:00Z");
    wait(client(&app).restart(EndRequest::default())).unwrap();
    app.settle();
    assert!(app.session().started() > before);
}

#[test]
fn what_a_known_caller_does_has_its_name() {
    let app = started();
    let api = Api::of_running("shop", app.session().clone());
    let known = api.called_by(&Caller::via("test").named("ann"));
    let client = Client::in_process(router(known));
    wait(client.set_priority("fetch", 3)).unwrap();
    let request = rocketry_api::RunRequest {
        by: Some("somebody else".into()),
        ..Default::default()
    };
    wait(client.run_task("fetch", &request)).unwrap();
    assert_eq!(app.session().overrides()[0].by.as_deref(), Some("ann"));
}
