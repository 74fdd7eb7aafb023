//! What the handle to an app tells.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Rocketry, Session, Task, Timestamp, Zone};

use crate::support::{START, app, start};

#[test]
fn tasks_are_listed_in_the_order_of_their_declaration() {
    let app = start(
        app()
            .func("b", "daily", || async {})
            .func("a", "daily", || async {}),
    );
    let names: Vec<String> = app
        .session()
        .tasks()
        .iter()
        .map(|task| task.name().to_owned())
        .collect();
    assert_eq!(names, ["b", "a"]);
}

#[test]
fn a_task_is_found_by_its_full_name_or_its_last_segment_while_that_is_unambiguous() {
    let app = start(
        app()
            .func("jobs::fetch", "daily", || async {})
            .func("reports::write", "daily", || async {})
            .func("notes::write", "daily", || async {})
            .func("write", "daily", || async {})
            .func("a::read", "daily", || async {})
            .func("b::read", "daily", || async {}),
    );
    let name = |name| app.session().task(name).map(|task| task.name().to_owned());
    assert_eq!(name("fetch").unwrap(), "jobs::fetch");
    assert_eq!(name("jobs::fetch").unwrap(), "jobs::fetch");
    assert_eq!(name("write").unwrap(), "write");
    assert_eq!(name("notes::write").unwrap(), "notes::write");
    let error = name("read").unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "`read` names 2 tasks; write the full path of one"
    );
    assert_eq!(
        name("fecth").unwrap_err().to_string(),
        "there is no task `fecth`; did you mean `fetch`?"
    );
    assert_eq!(name("zebra").unwrap_err().to_string(), "there is no task `zebra`");
}

#[test]
fn a_task_tells_how_it_was_declared() {
    let described = Task::func("work", || async {})
        .description("Fetches the numbers")
        .start("daily after 07:00")
        .end("time of day after 08:00");
    let app = start(
        app()
            .task(described)
            .task(Task::func("bare", || {}).name("renamed")),
    );
    let work = app.session().task("work").unwrap();
    assert_eq!(work.description(), Some("Fetches the numbers"));
    assert_eq!(work.start_condition().unwrap().to_string(), "daily after 07:00");
    assert_eq!(
        work.end_condition().unwrap().to_string(),
        "time of day after 08:00"
    );
    let bare = app.session().task("renamed").unwrap();
    assert_eq!(
        (bare.description(), bare.start_condition(), bare.end_condition()),
        (None, None, None)
    );
    assert_eq!(
        format!("{bare:?}"),
        "Task { name: \"renamed\", status: Never, .. }"
    );
    assert_ne!(bare, work);
    assert_eq!(bare, app.session().tasks()[1].clone());
}

#[test]
fn a_task_tells_what_has_happened() {
    let mut app = start(app().func("work", "every 10 seconds", || async {}));
    app.run_for(Duration::from_secs(25));
    let work = app.session().task("work").unwrap();
    assert_eq!((work.total(Action::Run), work.total(Action::Fail)), (3, 0));
    assert_eq!(
        work.last(Action::Success).unwrap().to_string(),
        "2026-01-01T00:00:20.000000Z"
    );
    assert_eq!((work.last(Action::Fail), work.condition_error()), (None, None));
}

#[test]
fn a_session_tells_the_time_the_settings_and_its_size() {
    let app = start(app());
    let session: &Session = app.session();
    assert_eq!(session.now(), START.parse::<Timestamp>().unwrap());
    assert_eq!(session.clock().now(), session.now());
    assert_eq!(session.config().zone, Zone::UTC);
    assert_eq!(format!("{session:?}"), "Session { tasks: 0, phase: Up, .. }");
    assert!(format!("{:?}", session.clock()).contains("ManualClock"));
}

#[test]
fn cycles_are_counted_and_can_be_waited_for() {
    let mut app = start(app().func("work", "every 10 seconds", || async {}).func(
        "later",
        "daily & scheduler has more than 8 cycles",
        || async {},
    ));
    assert_eq!(app.starts("later").len(), 0);
    app.run_for(Duration::from_secs(100));
    assert_eq!(app.starts("later").len(), 1);
    assert!(app.session().cycles() > 8);
}

#[test]
fn the_scheduler_knows_how_long_it_has_run() {
    let mut app = start(
        app()
            .func(
                "early",
                "every 1 second & scheduler started 5 seconds ago",
                || async {},
            )
            .func("late", "daily & scheduler has run over 1 minute", || async {}),
    );
    app.run_for(Duration::from_secs(120));
    assert_eq!(app.starts("early").len(), 5);
    assert_eq!(app.starts("late")[0].to_string(), "2026-01-01T00:01:00.000000Z");
}

#[test]
fn a_test_without_settings_is_in_utc() {
    let app = TestApp::start(Rocketry::builder(), START).unwrap();
    assert_eq!(app.session().config().zone, Zone::UTC);
    let helsinki: Zone = "Europe/Helsinki".parse().unwrap();
    let own = Rocketry::builder().config(Config {
        zone: helsinki,
        ..Config::default()
    });
    assert_eq!(
        TestApp::start(own, START).unwrap().session().config().zone,
        helsinki
    );
}
