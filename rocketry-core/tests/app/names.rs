//! Names that a task or a parameter can't have.

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, NewRun, Params, Part, Query, Rocketry, RunId, Task, block_on};

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

const NO_NAME: &str = "has the character U+0000, which logs and programs can't carry";

/// The last failure of an app, which is of a part.
fn failed(app: &TestApp, part: Part) -> String {
    let failure = app.session().failures().pop().expect("a failure");
    assert_eq!(failure.part, part);
    failure.message.to_string()
}

#[test]
fn a_parameter_that_is_set_while_the_app_runs_has_such_a_name_too() {
    let app = Rocketry::builder().func("work", "every 1 hour", || {});
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").expect("an app");
    let (session, work) = (app.session().clone(), app.session().task("work").unwrap());
    session.set_param("a\0b", 1);
    let told = failed(&app, Part::Parameter);
    assert!(
        told.contains(&format!(
            "the session: the name of parameter \"a\\0b\" {NO_NAME}; it is not set"
        )),
        "{told}"
    );
    assert!(told.contains("names.rs:"), "{told}");
    assert!(session.params().is_empty());
    work.set_param(" ", 1);
    let told = failed(&app, Part::Parameter);
    assert!(
        told.contains("task `work`: the name of parameter \" \" is blank; it is not set"),
        "{told}"
    );
    let runs = work.total(Action::Run);
    let refused = block_on(work.run(Params::new().with("c\0d", 1))).expect_err("it is not made");
    assert!(refused.is_parameter(), "{refused}");
    let said =
        "the run of task `work` was not made: the name of a parameter is blank or has the character U+0000";
    assert_eq!(refused.to_string(), said);
    let told = failed(&app, Part::Parameter);
    assert!(
        told.contains(&format!(
            "a run of task `work` that was requested: the name of parameter \"c\\0d\" {NO_NAME}"
        )),
        "{told}"
    );
    app.settle();
    assert_eq!(work.total(Action::Run), runs);
}

#[test]
fn a_run_has_a_name_that_can_be_shown() {
    fn named(_: &NewRun<'_>) -> String {
        "run\0one".to_owned()
    }
    let work = Task::func("work", || {}).start("every 1 hour").run_id(named);
    let app = TestApp::start(Rocketry::builder().task(work), "2026-01-01T00:00:00Z").expect("an app");
    let told = failed(&app, Part::Hook);
    let said =
        format!("the function that names the runs: the name \"run\\0one\" {NO_NAME}; the run has a number");
    assert_eq!(told, said);
    let record = app.records(&Query::new()).remove(0);
    assert!(matches!(record.run_id, RunId::Number(_)), "{record:?}");
}
