//! Commands: what they are given, what they give back, and that nothing of them is left behind.

#![cfg(unix)]

mod echo;
mod ends;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/pipe.rs"]
mod pipe;
#[path = "../support/serving.rs"]
mod serving;
#[path = "../support/told.rs"]
mod told;
mod words;

use std::time::Duration;

use rocketry_core::{Config, Params, Record, Rocketry, Session, TaskBuilder, Value};
use serving::serve;

/// Serves an app with the tasks while a test does something with it.
fn with<T>(tasks: impl IntoIterator<Item = TaskBuilder>, act: impl AsyncFnOnce(&Session) -> T) -> T {
    patient(Duration::from_millis(20), tasks, act)
}

/// The same with another grace for what is to end.
fn patient<T>(
    kill_grace: Duration,
    tasks: impl IntoIterator<Item = TaskBuilder>,
    act: impl AsyncFnOnce(&Session) -> T,
) -> T {
    let app = Rocketry::builder().config(Config {
        kill_grace,
        ..Config::default()
    });
    serve(tasks.into_iter().fold(app, Rocketry::task), act)
}

/// Runs a task once; gives back how its run ended, and its result.
fn run_with(task: TaskBuilder, params: Params) -> (Record, Option<Value>) {
    with([task], async |session| {
        let task = session.tasks().remove(0);
        (task.run(params).await.expect("a run that ends"), task.result())
    })
}

fn run(task: TaskBuilder) -> (Record, Option<Value>) {
    run_with(task, Params::new())
}

/// What a command that ends well prints.
fn printed(task: TaskBuilder) -> String {
    let (record, result) = run(task);
    let result = result.unwrap_or_else(|| panic!("a result: {record:?}"));
    result.read().expect("text")
}

/// Why a command fails.
fn reason(task: TaskBuilder) -> String {
    let (record, result) = run(task);
    assert_eq!(record.action, rocketry_core::Action::Fail, "{record:?}");
    assert!(result.is_none());
    record.message.expect("a reason").to_string()
}
