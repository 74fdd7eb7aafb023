//! The information that the handle to an app provides.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Execution, Params, Query, Rocketry, Session, Task, Timestamp, Zone};

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
fn a_task_tells_of_its_runs_under_way_and_to_come() {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(40)).await };
    let mut app = start(
        app().task(
            Task::func("work", long)
                .start("~has started")
                .priority(3)
                .max_running(2)
                .execution(Execution::Thread)
                .parameter("size", 5),
        ),
    );
    app.run_for(Duration::from_secs(30));
    let work = app.session().task("work").unwrap();
    work.run(Params::new());
    work.run(Params::new());
    assert_eq!(work.queued(), 2, "as long as nobody has looked");
    app.settle();
    let starts = |task: &Task| {
        let starts = task.under_way().into_iter();
        starts
            .map(|run| run.start.to_string()[11..19].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(starts(&work), ["00:00:00", "00:00:30"]);
    assert_eq!(
        (work.queued(), work.priority(), work.execution()),
        (1, 3, Execution::Thread)
    );
    assert_eq!(work.params().iter().count(), 1);
    assert!(work.remove_param("size") && !work.remove_param("size"));
    assert_eq!(
        work.log(Query::new().action(Action::Run)).unwrap(),
        work.under_way()
    );
    work.terminate();
    app.settle();
    assert_eq!(
        starts(&work),
        ["00:00:30"],
        "the one that was asked for has its turn"
    );
    assert_eq!(work.queued(), 0);
}

#[test]
fn a_task_tells_when_it_is_due_next() {
    let tasks = [
        ("interval", "every 1 hour", Some("2026-01-01T01:00:00")),
        (
            "window",
            "daily between 22:00 and 23:00",
            Some("2026-01-01T22:00:00"),
        ),
        (
            "both",
            "cron 30 5 * * * & time of week on Monday",
            Some("2026-01-05T05:30:00"),
        ),
        ("custom", "daily after 07:00 & param 'x' exists", None),
        ("never", "never", None),
        ("always", "true", Some("2026-01-01T00:00:10")),
        ("pipeline", "after task 'never'", None),
    ];
    let built = tasks.iter().fold(app(), |app, (name, start, _)| {
        app.func(*name, *start, || async {})
    });
    // A task that is always due holds a manual clock up.
    let still = |task: rocketry_core::TaskBuilder| {
        let always = task.declared_name() == "always";
        task.disabled(always)
    };
    let mut app = start(built.before_task_init(still));
    app.run_for(Duration::from_secs(10));
    let due = |name: &str| app.session().task(name).unwrap().next_due();
    assert_eq!(due("always"), None, "it is disabled");
    app.session().task("always").unwrap().enable();
    for (name, _, expected) in tasks {
        let expected: Option<Timestamp> = expected.map(|at| format!("{at}Z").parse().unwrap());
        assert_eq!(due(name), expected, "{name}");
    }
    app.session().set_param("x", 1);
    assert_eq!(due("custom").unwrap().to_string(), "2026-01-01T07:00:00.000000Z");
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
