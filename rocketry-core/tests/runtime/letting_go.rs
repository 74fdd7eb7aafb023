//! A deleted task releases what it held, and no task waits for it any more.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, OnExists, Query, Returned, Session, Task, TaskBuilder};

use crate::support::{app, start};

/// A task whose function holds something.
fn holding(name: &'static str, held: &Arc<[u8; 1000]>) -> TaskBuilder {
    let held = held.clone();
    Task::func(name, move || {
        let held = held.clone();
        async move { held[0] }
    })
}

fn hourly() -> TestApp {
    start(app().func("other", "every 1 hour", || async {}))
}

#[test]
fn the_function_of_a_deleted_task_is_let_go() {
    let held = Arc::new([0; 1000]);
    let mut app = hourly();
    for start in ["true & ~has started", "after task 'other'", "daily", "never"] {
        let task = app.session().add(holding("once", &held).start(start)).unwrap();
        app.run_for(Duration::from_secs(7200));
        task.delete();
        app.settle();
        assert_eq!(Arc::strong_count(&held), 1, "{start}");
        assert!(task.is_deleted());
        assert_eq!(task.name(), "once");
    }
}

#[test]
fn parameters_and_the_last_result_of_a_deleted_task_are_let_go() {
    let held = Arc::new([0_u8; 1000]);
    let result = held.clone();
    let task = Task::func("once", move || {
        let result = result.clone();
        async move { Returned(result) }
    });
    let mut app = hourly();
    let task = app
        .session()
        .add(task.parameter("p", held.clone()).start("every 1 minute"))
        .unwrap();
    app.run_for(Duration::from_secs(60));
    assert!(Arc::strong_count(&held) > 3);
    task.delete();
    app.settle();
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_run_of_a_deleted_task_ends_as_it_would() {
    let mut app = hourly();
    let held = Arc::new([0_u8; 1000]);
    let result = held.clone();
    let slow = move |session: Session| {
        let result = result.clone();
        async move {
            session.clock().sleep(Duration::from_secs(60)).await;
            Returned(result)
        }
    };
    let task = app
        .session()
        .add(Task::func("slow", slow).start("daily").on_shutdown(true))
        .unwrap();
    app.run_for(Duration::from_secs(30));
    task.delete();
    app.run_for(Duration::from_secs(60));
    assert_eq!(task.total(Action::Success), 1);
    assert_eq!(Arc::strong_count(&held), 1);
    let session = app.session().clone();
    app.shut_down();
    let records = session.log(&Query::new().task("slow")).unwrap();
    assert_eq!(records.len(), 2, "it does not run at the shut-down");
}

#[test]
fn the_past_of_a_deleted_task_is_kept_for_handles_and_statements() {
    let mut app = start(
        app()
            .func("seen", "every 1 hour", || async {})
            .func("mentioned", "every 1 hour", || async {})
            .func(
                "later",
                "task 'mentioned' has succeeded & cron 30 * * * *",
                || async {},
            ),
    );
    let session = app.session().clone();
    let seen = session.task("seen").unwrap();
    seen.delete();
    session.task("mentioned").unwrap().delete();
    let (mut handles, mut left) = (Vec::new(), Vec::new());
    for number in 0..1000 {
        let task = Task::func(format!("new {number}"), || async {});
        let task = session.add(task.start("true & ~has started")).unwrap();
        if number % 150 == 0 {
            left.push(task);
            continue;
        }
        if number % 100 == 0 {
            app.settle();
            handles.push(task.clone());
        }
        task.delete();
        assert!(task.is_deleted());
    }
    app.run_for(Duration::from_secs(3600));
    assert_eq!((seen.total(Action::Success), seen.name()), (1, "seen"));
    assert_eq!(app.starts("later").len(), 1);
    for task in handles.iter().chain(&left) {
        assert_eq!(task.total(Action::Success), 1, "{}", task.name());
    }
    assert_eq!(session.tasks()[1..], left);
    let later = session.task("later").unwrap().explain().to_string();
    assert!(later.contains("task 'mentioned' has succeeded"), "{later}");
}

#[test]
fn a_task_follows_the_tasks_in_its_current_statement() {
    let mut app = start(
        app()
            .func("first", "every 1 hour", || async {})
            .func("second", "every 2 hours", || async {})
            .func("next", "after task 'first'", || async {}),
    );
    let next = app.session().task("next").unwrap();
    next.set_start("after task 'second'").unwrap();
    app.run_for(Duration::from_secs(4 * 3600));
    assert_eq!(app.starts("next").len(), 3);
    next.set_start("after task 'first'").unwrap();
    app.run_for(Duration::from_secs(3600));
    assert_eq!(app.starts("next").len(), 4);
}

#[test]
fn the_lowest_free_number_is_given() {
    let app = hourly();
    let session = app.session();
    let add = || {
        let task = Task::func("other", || async {});
        session.add_as(task, OnExists::Rename).unwrap()
    };
    let tasks = [add(), add(), add()];
    assert_eq!(
        tasks.each_ref().map(Task::name),
        ["other-2", "other-3", "other-4"]
    );
    tasks[1].delete();
    tasks[0].delete();
    assert_eq!(
        [add(), add(), add()].each_ref().map(Task::name),
        ["other-2", "other-3", "other-5"]
    );
}

#[test]
fn the_short_name_of_a_deleted_task_is_free() {
    let app = hourly();
    let session = app.session();
    let named = |name: &'static str| session.add(Task::func(name, || async {})).unwrap();
    let (north, south) = (named("north::fetch"), named("south::fetch"));
    assert!(session.task("fetch").is_err(), "two have this name");
    south.delete();
    assert_eq!(session.task("fetch").unwrap().name(), "north::fetch");
    north.delete();
    assert!(session.task("fetch").is_err());
}

#[test]
#[should_panic(
    expected = "the app never comes to rest at 2026-01-01T00:00:00.000000Z: task `restless` starts again"
)]
fn a_task_that_is_always_due_and_takes_no_time_is_a_mistake_of_the_test() {
    start(app().func("restless", "true", || async {}));
}
