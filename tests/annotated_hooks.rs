//! Annotated hooks, on both sides of each moment.

use std::sync::Mutex;

use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, Zone};

static DIARY: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn note(what: impl Into<String>) {
    DIARY.lock().unwrap().push(what.into());
}

#[setup]
async fn prepare() -> Result<(), std::fmt::Error> {
    tokio::task::yield_now().await;
    note("set-up");
    Ok(())
}

#[hook(startup, before, after)]
async fn around_startup(side: Side) {
    tokio::task::yield_now().await;
    note(format!("start-up {side:?}"));
}

#[hook(shutdown, after)]
fn after_shutdown(session: Session) {
    note(format!("shut-down {}", session.tasks().len()));
}

#[hook(task_init)]
fn rename(task: TaskBuilder) -> TaskBuilder {
    let name = format!("my {}", task.declared_name());
    task.name(name)
}

#[hook(task_init, after)]
fn built(task: Task) {
    note(format!("built {}", task.name()));
}

#[hook(task_execute)]
fn begins(task: Task, now: Now) {
    note(format!("{} begins at {}", task.name(), now.format("%H:%M")));
}

#[hook(task_execute, after)]
fn ends(ended: Ended, #[arg("who")] who: String) {
    assert!(ended.action == Action::Success);
    note(format!("{who}: {} ends with {}", ended.task, ended.action));
}

#[task(on_startup)]
fn early() {
    note("early");
}

#[task(daily.after("07:00"))]
fn work() {
    note("work");
}

#[test]
fn annotated_hooks_are_called_in_their_turn() {
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let app = Rocketry::new().config(config).param("who", "me");
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_until("2026-01-01T08:00:00Z");
    app.shut_down();
    let expected = [
        "built my early",
        "built my work",
        "set-up",
        "start-up Before",
        "my early begins at 00:00",
        "early",
        "me: my early ends with success",
        "start-up After",
        "my work begins at 07:00",
        "work",
        "me: my work ends with success",
        "shut-down 2",
    ];
    assert_eq!(*DIARY.lock().unwrap(), expected);
}
