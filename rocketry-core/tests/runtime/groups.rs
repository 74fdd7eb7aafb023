//! What the tasks of a group have in common.

use std::time::Duration;

use rocketry_core::__private::{TaskBuilder, TaskType, source, task_ref};
use rocketry_core::conds::after_success;
use rocketry_core::{Action, Execution, Group, OnExists, Task};

use crate::support::{app, ends, result, start, times};

#[test]
fn a_group_gives_its_tasks_a_prefix_a_condition_an_execution_and_parameters() {
    let office = Group::new("office")
        .prefix("office.")
        .start("time of day after 09:00")
        .execution(Execution::Main)
        .parameter("size", 3)
        .parameter("colour", "red".to_owned());
    let here = std::thread::current().id();
    let place = task!("place", [], assert_eq!(std::thread::current().id(), here));
    let paint = task!("paint", [size: i32, colour: String], (size, colour));
    let mut app = start(
        app()
            .group(office)
            .task(place.start("daily").group("office"))
            .task(
                paint
                    .start("daily after 08:00")
                    .group("office")
                    .parameter("colour", "blue".to_owned()),
            )
            .task(Task::func("other", || async {}).start("daily after 08:00"))
            .task(Task::func("by hand", || async {}).group("office")),
    );
    app.run_until("2026-01-01T10:00:00Z");
    assert_eq!(times(&app, "office.paint"), ["09:00:00"]);
    assert_eq!(times(&app, "other"), ["08:00:00"]);
    assert_eq!(ends(&app, "office.place"), [Action::Success]);
    assert_eq!(
        result::<(i32, String)>(&app, "office.paint"),
        (3, "blue".to_owned())
    );
    assert_eq!(app.starts("office.by hand").len(), 0);
    let condition = app
        .session()
        .task("office.paint")
        .unwrap()
        .start_condition()
        .unwrap()
        .to_string();
    assert_eq!(condition, "daily after 08:00 & time of day after 09:00");
}

/// A task that is a type, in a group.
#[allow(non_camel_case_types, reason = "carries the name of its function")]
struct fetch;

impl TaskType for fetch {
    type Output = i32;
    const NAME: &'static str = "groups::fetch";

    fn task() -> TaskBuilder {
        task!(Self::NAME, [], 5)
            .start("every 10 seconds")
            .group("nightly")
    }
}

#[test]
fn a_task_with_a_prefix_is_still_found_by_its_own_name() {
    let crunch = task!("crunch", [number: i32 = source::return_of::<fetch>()], number + 1);
    let mut app = start(
        app()
            .group(Group::new("nightly").prefix("nightly."))
            .register::<fetch>()
            .task(crunch.start(after_success(task_ref::<fetch>()))),
    );
    app.run_for(Duration::from_secs(5));
    assert_eq!(result::<i32>(&app, "crunch"), 6);
    for name in ["nightly.groups::fetch", "groups::fetch", "fetch"] {
        assert_eq!(app.session().task(name).unwrap().name(), "nightly.groups::fetch");
    }
}

#[test]
fn a_task_that_is_added_later_joins_its_group_and_leaves_with_its_names() {
    let app = start(app().group(Group::new("nightly").prefix("nightly.")));
    let added = Task::func("jobs::tidy", || async {}).group("nightly");
    let task = app.session().add(added).unwrap();
    assert_eq!(task.name(), "nightly.jobs::tidy");
    for name in ["nightly.jobs::tidy", "jobs::tidy", "tidy"] {
        assert_eq!(app.session().task(name).unwrap(), task);
    }
    task.delete();
    for name in ["nightly.jobs::tidy", "jobs::tidy", "tidy"] {
        assert!(app.session().task(name).is_err(), "{name}");
    }
}

#[test]
fn a_prefix_lets_two_groups_have_a_task_of_the_same_name() {
    let app = start(
        app()
            .group(Group::new("north").prefix("north."))
            .group(Group::new("south").prefix("south."))
            .task(Task::func("count", || {}).start("daily").group("north"))
            .task(
                Task::func("count", || {})
                    .start("daily & after task 'north.count'")
                    .group("south"),
            ),
    );
    assert_eq!(ends(&app, "south.count"), [Action::Success]);
    let error = app.session().task("count").unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "`count` names 2 tasks; write the full path of one"
    );
}

#[test]
fn a_task_that_takes_anothers_place_takes_its_short_names_away() {
    let odd = Group::new("odd").prefix("office.");
    let app = start(app().group(odd).task(Task::func("paint", || {}).group("odd")));
    let session = app.session();
    assert_eq!(session.task("paint").unwrap().name(), "office.paint");
    let plain = Task::func("office.paint", || {}).description("another");
    session.add_as(plain, OnExists::Replace).unwrap();
    let found = session.task("office.paint").unwrap();
    assert_eq!(found.description(), Some("another"));
    let error = session.task("paint").unwrap_err();
    assert!(error.is_not_found(), "{error}");

    let grouped = Task::func("paint", || {}).group("odd");
    session.add_as(grouped, OnExists::Replace).unwrap();
    assert_eq!(session.task("paint").unwrap(), found);
}
