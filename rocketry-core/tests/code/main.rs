//! Tasks whose code is text: what it is given, what it gives back, and how it ends.

#![cfg(feature = "script")]

mod ends;
mod files;
#[path = "../support/folder.rs"]
mod folder;
mod mistakes;
#[path = "../support/serving.rs"]
mod serving;
mod values;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Params, Query, Record, Rocketry, Task, TaskBuilder};

/// Starts an app with a task, and runs that once.
fn once(task: TaskBuilder, params: Params) -> (TestApp, Task, Record) {
    let app = Rocketry::builder().task(task);
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").expect("an app without mistakes");
    let task = app.session().tasks().remove(0);
    drop(task.run(params));
    app.settle();
    let record = app.records(&Query::new().task(task.name()).last(1)).remove(0);
    (app, task, record)
}

/// What code gives back, as JSON.
fn result_with(task: TaskBuilder, params: Params) -> serde_json::Value {
    let (_app, task, record) = once(task, params);
    assert_eq!(record.action, Action::Success, "{:?}", record.message);
    task.result().expect("a result").to_json().expect("JSON")
}

fn result(source: &str) -> serde_json::Value {
    result_with(Task::code("code", source), Params::new())
}

/// Why a task fails.
fn reason(task: TaskBuilder) -> String {
    let (_app, _, record) = once(task, Params::new());
    assert_eq!(record.action, Action::Fail);
    record.message.expect("a reason").to_string()
}

/// What keeps an app with this task from being built.
fn mistake(task: TaskBuilder) -> String {
    let built = Rocketry::builder().task(task).build();
    let error = built.map(drop).expect_err("a mistake");
    assert!(error.is_build());
    error.problems()[0].message.clone()
}
