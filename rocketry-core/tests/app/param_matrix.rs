//! Every level on which a parameter may be given × what it may be given as × where its task may run: the strongest
//! level wins, and what is wrong there is told, not replaced by a weaker level. The table is in `support/matrix.rs`;
//! the column of processes is held against it in `process/matrix.rs`, since these need a `main` of their own.

use crate::matrix::{Cell, Place, cells, said};
use rocketry_core::__private::{TaskBuilder, blocking, location, outcome, param, param_fn, value};
use rocketry_core::param::{Arg, FuncArg, SimpleArg};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Params, Query, Rocketry};

/// Runs the task of a field once, and holds its end against the table.
fn check(cell: Cell) {
    if cell.is_refused() {
        return cell.check_refusal();
    }
    let (app, params) = cell.app();
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let work = app.session().task("work").unwrap();
    drop(work.run(params));
    app.settle();
    let records = app.records(&Query::new().task("work"));
    let record = records.last().expect("it has run");
    cell.check(record.action, &said(record, work.result().as_ref()));
}

#[test]
fn each_level_gives_its_value_or_its_mistake() {
    let cells = cells(|place| place != Place::Process);
    assert_eq!(cells.len() % 32, 0);
    cells.into_iter().for_each(check);
}

/// A task with a parameter `x`.
fn task() -> TaskBuilder {
    TaskBuilder::new("work", location!()).handler(blocking((param!(x: String),), |(x,)| outcome!(x)))
}

/// Parameters that go in a circle, each on its levels, with what is said.
#[test]
fn cycles_across_levels_are_reported_with_their_path() {
    let needs = |name: &'static str, key: &'static str| {
        // A function whose parameter `key` comes from the session, unless the task gives it.
        let function = param_fn((param!(start: String = Arg("start")),), |(start,)| value!(start));
        let other = param_fn((param!(end: String = Arg("end")),), |(end,)| value!(end));
        FuncArg::of(name, if key == "start" { function } else { other })
    };
    let app = |task: TaskBuilder| {
        Rocketry::builder()
            .param("start", "s".to_owned())
            .param("end", "e".to_owned())
            .param("x", "x".to_owned())
            .argument("made", needs("made", "start"))
            .argument("made again", needs("made again", "end"))
            .task(task.start("daily"))
    };
    // `start` of the task is made by a function that takes `start`.
    let own = task().argument("start", Arg("made"));
    let error = app(own).build().unwrap_err();
    let said = error.to_string();
    assert!(error.is_build(), "{said}");
    assert!(
        said.contains("parameters of task `work` depend on each other in a cycle: start → made → start"),
        "{said}"
    );
    assert!(
        said.contains("\n  `start` of task `work` is declared at ")
            && said.contains("\n  `made` of the session is declared at "),
        "{said}"
    );
    assert_eq!(said.matches("tests/app/param_matrix.rs:").count(), 3, "{said}");
    // Two of the task, through two of the session.
    let own = task()
        .argument("start", Arg("made again"))
        .argument("end", Arg("made"));
    let said = app(own).build().unwrap_err().to_string();
    assert!(
        said.contains("depend on each other in a cycle: end → made → start → made again → end"),
        "{said}"
    );
    // The same names without a circle.
    let own = task()
        .argument("start", Arg("made again"))
        .argument("end", SimpleArg("e".to_owned()));
    drop(app(own).build().unwrap());
}

/// A circle that a batch closes is found when the run starts.
#[test]
fn a_cycle_through_a_batch_fails_its_run() {
    let made = param_fn((param!(x: String),), |(x,)| value!(x));
    let app = Rocketry::builder()
        .param("x", "x".to_owned())
        .argument("made", FuncArg::of("made", made))
        .task(task());
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let work = app.session().task("work").unwrap();
    drop(work.run(Params::new().with_argument("x", Arg("made"))));
    app.settle();
    let records = app.records(&Query::new().task("work").last(1));
    assert_eq!(records[0].action, Action::Fail);
    let said = records[0].message.as_deref().unwrap_or_default();
    assert!(said.contains("do they form a cycle?"), "{said}");
}
