//! Names that a task or a parameter can't have.

use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Task};

/// The mistakes of an app, one by one, each with its place.
#[track_caller]
fn told(app: Rocketry) -> Vec<String> {
    let error = app.build().expect_err("the app has mistakes");
    let here = |problem: &rocketry_core::Problem| problem.location.is_some_and(|place| place.file == file!());
    assert!(error.problems().iter().all(here), "{error}");
    error
        .problems()
        .iter()
        .map(|problem| problem.message.clone())
        .collect()
}

#[test]
fn a_task_has_a_name_that_can_be_shown() {
    let app = Rocketry::builder()
        .func(" ", "daily", || {})
        .func("night\0ly", "daily", || {});
    let expected = [
        "the name of task \" \" is blank",
        "the name of task \"night\\0ly\" has the character U+0000, which logs and programs can't carry",
    ];
    assert_eq!(told(app), expected);
}

#[test]
fn a_parameter_has_a_name_that_can_be_shown() {
    let task = Task::func("nightly", || {}).parameter("d\0ay", 1).start("daily");
    let app = Rocketry::builder().param("", 1).task(task);
    let expected = [
        "the app: the name of parameter \"\" is blank",
        "task `nightly`: the name of parameter \"d\\0ay\" has the character U+0000, which logs and programs can't carry",
    ];
    assert_eq!(told(app), expected);
}

#[test]
fn a_task_that_is_added_has_such_a_name_too() {
    let app = TestApp::start(Rocketry::builder(), "2026-01-01T00:00:00Z").expect("an app");
    let error = app
        .session()
        .add(Task::func("a\0b", || {}))
        .expect_err("a mistake");
    assert!(error.is_build(), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("the name of task \"a\\0b\" has the character U+0000"),
        "{error}"
    );
    assert!(app.session().tasks().is_empty(), "it is not added");
}
