//! Changing an app while it runs.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, OnExists, Params, Queued, Rocketry, Session, Status, Task, Zone};

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

fn start(app: Rocketry) -> TestApp {
    TestApp::start(app, "2026-01-01T00:00:00Z").unwrap()
}

fn seconds(app: &TestApp, task: &str) -> Vec<i64> {
    let zero: rocketry_core::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    app.starts(task)
        .iter()
        .map(|at| (at.as_micros() - zero.as_micros()) / 1_000_000)
        .collect()
}

/// Returns the outcome of a requested run without waiting, if there is one.
fn outcome(mut queued: Queued) -> Option<rocketry_core::Result<Action>> {
    let mut waking = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::Pin::new(&mut queued).poll(&mut waking) {
        std::task::Poll::Ready(ended) => Some(ended.map(|record| record.action)),
        std::task::Poll::Pending => None,
    }
}

#[test]
fn a_task_can_be_added_while_the_app_runs() {
    let mut app = start(app());
    app.run_for(Duration::from_secs(5));
    let added = Task::func("late", || async {}).start("every 10 seconds");
    app.session().add(added).unwrap();
    app.run_for(Duration::from_secs(20));
    assert_eq!(seconds(&app, "late"), [5, 15, 25]);
}

#[test]
fn a_task_that_is_added_may_mention_itself_and_be_mentioned() {
    let mut app = start(app().func("first", "every 10 seconds", || async {}));
    let after = Task::func("second", || async {})
        .start("after task 'first' & ~task 'second' has started past 15 seconds");
    app.session().add(after).unwrap();
    let third = Task::func("third", || async {}).start("after task 'second'");
    app.session().add(third).unwrap();
    app.run_for(Duration::from_secs(30));
    assert_eq!(seconds(&app, "second"), [0, 15, 30]);
    assert_eq!(seconds(&app, "third"), [0, 15, 30]);
}

#[test]
fn a_name_that_is_taken_is_an_error_by_default() {
    let mut app = start(app().func("fetch", "every 10 seconds", || async {}));
    let again = || Task::func("fetch", || async {}).start("every 20 seconds");
    let session = app.session().clone();
    let error = session.add(again()).unwrap_err();
    assert!(error.is_state(), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("there is a task `fetch` already\n  --> "),
        "{error}"
    );
    assert_eq!(
        session
            .add_as(again(), OnExists::Ignore)
            .unwrap()
            .start_condition()
            .unwrap()
            .to_string(),
        "every 10 seconds"
    );
    assert_eq!(
        session.add_as(again(), OnExists::Rename).unwrap().name(),
        "fetch-2"
    );
    assert_eq!(
        session.add_as(again(), OnExists::Rename).unwrap().name(),
        "fetch-3"
    );
    let replaced = session.add_as(again(), OnExists::Replace).unwrap();
    assert_eq!(
        replaced.start_condition().unwrap().to_string(),
        "every 20 seconds"
    );
    app.run_for(Duration::from_secs(40));
    assert_eq!(seconds(&app, "fetch"), [0, 20, 40], "its past stays");
    assert_eq!(session.tasks().len(), 3);
}

#[test]
fn a_mistake_in_an_added_task_leaves_the_app_as_it_was() {
    let mut app = start(app().func("fetch", "every 10 seconds", || async {}));
    let session = app.session().clone();
    let wrong = Task::func("report", || async {}).start("after task 'fetsh'");
    let error = session.add(wrong).unwrap_err();
    assert!(error.is_build(), "{error}");
    assert!(
        error
            .to_string()
            .contains("there is no task `fetsh`; did you mean `fetch`?"),
        "{error}"
    );
    assert!(session.task("report").unwrap_err().is_not_found());
    session
        .add(Task::func("report", || async {}).start("after task 'fetch'"))
        .unwrap();
    app.settle();
    assert_eq!(seconds(&app, "report"), [0]);
}

#[test]
fn a_deleted_task_does_not_start_and_its_run_is_recorded() {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(4)).await };
    let mut app = start(app().func("long", "every 10 seconds", long).func(
        "after",
        "after task 'long'",
        || async {},
    ));
    app.run_for(Duration::from_secs(2));
    let task = app.session().task("long").unwrap();
    let never = task.run(Params::new());
    task.delete();
    task.delete();
    assert!(task.is_deleted());
    assert!(outcome(never).unwrap().unwrap_err().is_state());
    assert!(outcome(task.run(Params::new())).unwrap().unwrap_err().is_state());
    task.enable();
    app.run_for(Duration::from_secs(60));
    assert_eq!(seconds(&app, "long"), [0]);
    assert_eq!(seconds(&app, "after"), [4]);
    assert_eq!(task.status(), Status::Ended(Action::Success));
    assert!(app.session().task("long").unwrap_err().is_not_found());
    app.session()
        .add(Task::func("long", || async {}).start("every 10 seconds"))
        .unwrap();
    app.run_for(Duration::from_secs(5));
    assert_eq!(seconds(&app, "long"), [0, 62], "the name is free again");
}

#[test]
fn a_condition_changes_at_once() {
    let mut app = start(app().func("fetch", "never", || async {}));
    let task = app.session().task("fetch").unwrap();
    task.set_start("every 10 seconds").unwrap();
    app.run_for(Duration::from_secs(15));
    assert!(task.set_start("every 10 secnds").unwrap_err().is_build());
    assert!(task.set_start("after task 'nobody'").unwrap_err().is_build());
    app.run_for(Duration::from_secs(10));
    task.set_start("never").unwrap();
    app.run_for(Duration::from_secs(60));
    assert_eq!(seconds(&app, "fetch"), [0, 10, 20]);
}

#[test]
fn an_end_condition_reaches_runs_under_way() {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(1000)).await };
    let mut app = start(app().func("long", "~has started", long));
    let task = app.session().task("long").unwrap();
    app.run_for(Duration::from_secs(5));
    task.set_end("param 'stop' exists").unwrap();
    app.run_for(Duration::from_secs(5));
    assert!(task.is_running());
    app.session().set_param("stop", true);
    app.settle();
    assert_eq!(task.status(), Status::Ended(Action::Terminate));
}

#[test]
fn a_statement_added_later_counts_what_was_before_it() {
    let mut app = start(app().func("fetch", "every 10 seconds", || async {}));
    app.run_for(Duration::from_secs(25));
    let often = Task::func("often", || async {})
        .start("task 'fetch' has succeeded today at least 3 times & ~has started");
    app.session().add(often).unwrap();
    app.settle();
    assert_eq!(seconds(&app, "often"), [25]);
}

#[test]
fn the_caller_of_a_run_gets_its_outcome() {
    let failing = |params: Params| async move {
        if params.get("fail").is_some() {
            Err("told to")
        } else {
            Ok(())
        }
    };
    let mut app = start(app().task(Task::func("asked", failing)));
    let task = app.session().task("asked").unwrap();
    let (good, bad) = (
        task.run(Params::new()),
        task.run(Params::new().with("fail", true)),
    );
    app.settle();
    assert_eq!(outcome(good).unwrap().unwrap(), Action::Success);
    assert_eq!(outcome(bad).unwrap().unwrap(), Action::Fail);
}

#[test]
fn a_changed_priority_counts_from_the_next_turn() {
    let mut app = start(app().func("a", "every 10 seconds", || async {}).func(
        "b",
        "every 10 seconds",
        || async {},
    ));
    app.session().task("b").unwrap().set_priority(1);
    app.run_for(Duration::from_secs(10));
    let order: Vec<String> = app
        .records(&rocketry_core::Query::new().action(Action::Run))
        .iter()
        .map(|record| record.task.to_string())
        .collect();
    assert_eq!(order, ["a", "b", "b", "a"]);
}

/// Sleeps for ten seconds of the app's clock.
async fn ten_seconds(session: Session) {
    session.clock().sleep(Duration::from_secs(10)).await;
}

#[test]
fn tasks_of_a_full_pool_wait_by_priority_and_then_by_age() {
    let task = |name: &'static str, start: &str| Task::func(name, ten_seconds).start(start).pool("db");
    let built = app()
        .pool("db", 1)
        .task(task("first", "~has started"))
        .task(task("young", "~has started & scheduler has run over 5 seconds"))
        .task(task("old", "~has started & scheduler has run over 2 seconds"))
        .task(task("urgent", "~has started & scheduler has run over 8 seconds").priority(1));
    let mut app = start(built);
    app.run_for(Duration::from_secs(9));
    for name in ["young", "old", "urgent"] {
        let waits = app.session().task(name).unwrap().waits_for();
        assert_eq!(
            waits.as_deref(),
            Some("room in the pool `db`, where 1 of 1 are in use"),
            "{name}"
        );
    }
    app.run_for(Duration::from_secs(60));
    assert_eq!(seconds(&app, "first"), [0]);
    assert_eq!(seconds(&app, "urgent"), [10]);
    assert_eq!(seconds(&app, "old"), [20]);
    assert_eq!(seconds(&app, "young"), [30]);
    let due = |name| app.records(&rocketry_core::Query::new().task(name).last(1))[0].due;
    assert_eq!(
        due("old").as_micros() - app.starts("first")[0].as_micros(),
        2_000_000,
        "its lateness is seen"
    );
    assert_eq!(app.session().task("old").unwrap().waits_for(), None);
}

#[test]
fn one_that_no_longer_wants_to_start_lets_the_next_have_its_turn() {
    let task = |name: &'static str, start: &str| Task::func(name, ten_seconds).start(start).pool("db");
    let built = app()
        .pool("db", 1)
        .task(task("first", "~has started"))
        .task(task(
            "fleeting",
            "~has started & scheduler has run over 1 second and under 5 seconds",
        ))
        .task(task("asked", "never"))
        .task(task("deleted", "~has started & scheduler has run over 1 second"))
        .task(task("last", "~has started & scheduler has run over 2 seconds"));
    let mut app = start(built);
    app.run_for(Duration::from_secs(3));
    app.session().task("deleted").unwrap().delete();
    app.session().task("asked").unwrap().run(Params::new());
    app.run_for(Duration::from_secs(40));
    assert!(seconds(&app, "fleeting").is_empty());
    assert!(seconds(&app, "deleted").is_empty());
    assert_eq!(seconds(&app, "last"), [10]);
    assert_eq!(seconds(&app, "asked"), [20]);
}

#[test]
fn a_task_may_run_several_times_at_once() {
    let built = app().task(Task::func("crowd", ten_seconds).start("true").max_running(3));
    let mut app = start(built);
    app.run_for(Duration::from_secs(15));
    assert_eq!(seconds(&app, "crowd"), [0, 0, 0, 10, 10, 10]);
}

#[test]
fn a_pool_that_makes_no_sense_is_reported() {
    let wrong = app()
        .pool("none", 0)
        .pool("database", 1)
        .pool("database", 2)
        .task(Task::func("a", || async {}).pool("databse"));
    let error = wrong.build().unwrap_err();
    let said: Vec<&str> = error.problems().iter().map(|problem| &*problem.message).collect();
    assert_eq!(
        said,
        [
            "two pools are named `database`",
            "the pool `none` has no room: its size is 0",
            "task `a`: there is no pool `databse`; did you mean `database`?",
        ]
    );
}

#[test]
fn tasks_at_the_edges_of_an_app_may_sleep_on_its_clock() {
    let built = app()
        .task(Task::func("first", ten_seconds).on_startup(true))
        .task(Task::func("last", ten_seconds).on_shutdown(true))
        .func("beat", "every 30 seconds", || async {});
    let mut app = start(built);
    assert_eq!(seconds(&app, "first"), [0]);
    app.run_for(Duration::from_secs(30));
    assert_eq!(seconds(&app, "beat"), [10, 40]);
    let session = app.session().clone();
    app.shut_down();
    assert_eq!(
        session.task("last").unwrap().status(),
        Status::Ended(Action::Success)
    );
}

#[test]
fn waiting_for_a_run_that_is_not_made_does_not_delay_the_shut_down() {
    async fn asks(session: Session) -> Result<(), rocketry_core::Error> {
        let other = session.task("other")?;
        session.shut_down();
        let refused = other.run(Params::new()).await;
        assert!(refused.unwrap_err().is_state());
        Ok(())
    }
    let built = app()
        .func("asks", "~has started", asks)
        .task(Task::func("other", || async {}));
    let app = start(built);
    let session = app.session().clone();
    app.shut_down();
    assert_eq!(
        session.task("asks").unwrap().status(),
        Status::Ended(Action::Success)
    );
    assert_eq!(session.task("other").unwrap().status(), Status::Never);
}
