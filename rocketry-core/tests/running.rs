//! An app on manual time: what starts when, and what is recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Execution, Inaction, Query, Rocketry, Session, Task, TerminationFlag, Zone,
};

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

fn times(app: &TestApp, task: &str) -> Vec<String> {
    app.starts(task)
        .iter()
        .map(|at| at.to_string()[11..19].to_owned())
        .collect()
}

#[test]
fn a_year_of_days() {
    let mut app = TestApp::start(
        app().func("report", "daily after 07:00", || async {}),
        "2026-01-01T00:00:00Z",
    )
    .unwrap();
    app.run_until("2027-01-01T00:00:00Z");
    assert_eq!(app.starts("report").len(), 365);
}

#[test]
fn a_pipeline_follows_its_first_task() {
    let built = app()
        .func("fetch", "every 10 seconds", || async {})
        .func("crunch", "after task 'fetch'", || async {})
        .func("never", "after task 'fetch' failed", || async {});
    let mut app = TestApp::start(built, "2026-01-01T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(25));
    assert_eq!(times(&app, "fetch"), ["00:00:00", "00:00:10", "00:00:20"]);
    assert_eq!(app.starts("crunch").len(), 3);
    assert_eq!(app.starts("never").len(), 0);
}
