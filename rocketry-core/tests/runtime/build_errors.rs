//! All errors of an app are found before anything runs, and reported together.

use rocketry_core::conds::{after_success, daily, every, running};
use rocketry_core::param::{Arg, Return, SimpleArg};
use rocketry_core::{Error, Group, Task, TaskBuilder};

use crate::support::{app, mistakes};

/// The messages alone.
fn said(error: &Error) -> Vec<&str> {
    error.problems().iter().map(|problem| &*problem.message).collect()
}

#[test]
fn a_text_within_an_expression_has_the_place_of_the_expression() {
    let line = line!() + 1;
    let error = mistakes(app().func("a", every("1 hour") & "evry 10 seconds" | "neer", || async {}));
    let place = error.problems()[0].location.unwrap();
    assert_eq!((place.file, place.line), (file!(), line));
}

#[test]
fn all_mistakes_are_reported_together_each_with_its_place() {
    let first = line!() + 3;
    let error = mistakes(
        app()
            .func("a", "daily", || async {})
            .func("a", "after task 'b'", || async {})
            .func("c", "evry 10 seconds", || async {}),
    );
    assert!(error.is_build());
    let lines: Vec<u32> = error
        .problems()
        .iter()
        .map(|problem| problem.location.unwrap().line)
        .collect();
    assert_eq!(lines, [first + 1, first + 1, first + 2]);
    assert!(
        error
            .problems()
            .iter()
            .all(|problem| problem.location.unwrap().file == file!())
    );
    let [twice, unknown, misspelt] = &said(&error)[..] else {
        panic!("three mistakes: {error}");
    };
    assert_eq!(
        *twice,
        format!(
            "two tasks are named `a`; the first is declared at {}:{first}:14",
            file!()
        )
    );
    assert_eq!(*unknown, "start condition of task `a`: there is no task `b`");
    assert!(
        misspelt.starts_with("start condition of task `c`: "),
        "{misspelt}"
    );
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(error.to_string().matches("\n  --> ").count(), 3, "{error}");
}

#[test]
fn a_name_that_nothing_has_is_reported_with_the_nearest() {
    let error = mistakes(
        app()
            .func("fetch", "daily", || async {})
            .func("b", "after task 'fecth'", || async {})
            .func("c", after_success("ftch") & !running("nobody at all"), || async {
            })
            .task(
                Task::func("d", || {})
                    .start("daily")
                    .end("task 'fetsch' has failed"),
            ),
    );
    assert_eq!(
        said(&error),
        [
            "start condition of task `b`: there is no task `fecth`; did you mean `fetch`?",
            "start condition of task `c`: there is no task `ftch`; did you mean `fetch`?",
            "start condition of task `c`: there is no task `nobody at all`",
            "end condition of task `d`: there is no task `fetsch`; did you mean `fetch`?",
        ]
    );
}

#[test]
fn an_ambiguous_name_is_reported() {
    let error = mistakes(
        app()
            .func("a::x", "daily", || async {})
            .func("b::x", "daily", || async {})
            .func("y", "after task 'x'", || async {}),
    );
    assert_eq!(
        said(&error),
        ["start condition of task `y`: `x` names 2 tasks; write the full path of one"]
    );
}

#[test]
fn an_unknown_phrase_is_reported_with_the_nearest() {
    let error = mistakes(app().func("a", "daily & gate is opn", || async {}).func(
        "b",
        "daily & the moon is full tonight",
        || async {},
    ));
    assert_eq!(
        said(&error),
        [
            "start condition of task `a`: there is no condition \"gate is opn\"; did you mean `gate is open`?",
            "start condition of task `b`: there is no condition \"the moon is full tonight\"",
        ]
    );
}

#[test]
fn a_text_that_is_not_what_a_phrase_captures_is_reported() {
    let error = mistakes(app().func("a", "daily & number five is even", || async {}));
    assert_eq!(
        said(&error),
        [
            "start condition of task `a`: condition `EVEN`: `five` can't be its `n`: invalid digit found in string"
        ]
    );
}

#[test]
fn a_mistake_in_a_string_is_reported_with_its_place_in_the_text() {
    let error = mistakes(app().func("a", "daily after 25:00", || async {}));
    let message = said(&error)[0];
    assert!(message.starts_with("start condition of task `a`: "), "{message}");
    assert!(message.contains("25:00"), "{message}");
    assert!(
        message.contains("daily after 25:00\n"),
        "the text with a mark below: {message}"
    );
}

#[test]
fn a_mistake_in_a_word_is_reported() {
    let line = line!() + 1;
    let condition = daily.after("25:00") & every("ten seconds");
    let error = mistakes(app().func("a", condition, || async {}));
    assert_eq!(said(&error).len(), 2, "{error}");
    assert!(
        said(&error)[0].contains("daily.after: expected an hour from 0 to 24, found `25:00`"),
        "{error}"
    );
    let place = error.problems()[0].location.unwrap();
    assert_eq!((place.file, place.line), (file!(), line));
    assert!(said(&error)[1].contains("every: "), "{error}");
}

#[test]
fn a_group_without_a_task_has_its_mistakes_told_and_one_with_tasks_only_theirs() {
    let group = || Group::new("nightly").start("evry 10 seconds");
    let error = mistakes(app().group(group()));
    assert_eq!(error.problems().len(), 1, "{error}");
    assert!(
        said(&error)[0].starts_with("start condition of group `nightly`: "),
        "{error}"
    );
    let task = Task::func("a", || async {}).start("daily").group("nightly");
    let error = mistakes(app().group(group()).task(task));
    assert_eq!(error.problems().len(), 1, "{error}");
    assert!(
        said(&error)[0].starts_with("start condition of task `a`: "),
        "{error}"
    );
}

#[test]
fn a_parameter_that_nothing_gives_is_reported_with_the_nearest() {
    let error = mistakes(
        app()
            .param("greeting", "hello")
            .task(task!("a", [greting: String], greting).start("daily"))
            .task(task!("b", [text: String = Arg("greetin")], text))
            .task(task!("c", [number: i32 = Return("nobody")], number).start("daily"))
            .task(task!("d", [], ()).argument("x", Arg("zzz"))),
    );
    assert_eq!(
        said(&error),
        [
            "parameter `greting` of task `a`: there is no session parameter `greting`; did you mean `greeting`?",
            "parameter `text` of task `b`: there is no session parameter `greetin`; did you mean `greeting`?",
            "parameter `number` of task `c`: there is no task `nobody`",
            "parameter `x` of task `d`: there is no session parameter `zzz`",
        ]
    );
    assert!(error.problems().iter().all(|problem| problem.location.is_some()));
}

#[test]
fn a_parameter_that_the_task_brings_is_not_missed() {
    let _ = app()
        .task(task!("a", [x: i32], x).start("daily").parameter("x", 1))
        .task(task!("b", [x: i32 = Arg("y").or(1)], x).start("daily"))
        .build()
        .unwrap();
}

#[test]
fn a_parameter_that_a_condition_lacks_is_reported() {
    let error = mistakes(app().func("a", "daily & disk answers", || async {}));
    assert_eq!(
        said(&error),
        ["start condition of task `a`: condition `disk answers`: there is no session parameter `disk`"]
    );
}

#[test]
fn parameters_in_a_cycle_are_reported_with_their_places() {
    let line = line!() + 3;
    let error = mistakes(
        app()
            .argument("a", made!("a", [b: i32], b))
            .argument("b", Arg("c").or(1))
            .argument("c", Arg("a"))
            .argument("d", Arg("a")),
    );
    let file = file!();
    let expected = format!(
        "session parameters depend on each other in a cycle: a → b → c → a\n  `a` is declared at {file}:{line}:14\n  `b` is declared at {file}:{}:14\n  `c` is declared at {file}:{}:14",
        line + 1,
        line + 2
    );
    assert_eq!(said(&error), [expected]);
}

#[test]
fn a_parameter_that_asks_for_itself_is_a_circle_but_one_of_a_task_is_not() {
    let error = mistakes(app().argument("a", made!("a", [a: i32], a)));
    assert!(said(&error)[0].starts_with("session parameters depend on each other in a cycle: a → a"));
    let _ = app()
        .param("a", 1)
        .task(task!("work", [a: i32], a).argument("a", Arg("a")))
        .build()
        .unwrap();
}

#[test]
fn a_session_parameter_without_a_value_is_reported() {
    let error = mistakes(
        app()
            .param("base", 1)
            .argument("a", made!("a", [bse: i32 = Arg("bas")], bse)),
    );
    assert_eq!(
        said(&error),
        ["session parameter `a`: there is no session parameter `bas`; did you mean `base`?"]
    );
}

#[test]
fn a_session_parameter_of_the_result_of_no_task_is_reported() {
    let error = mistakes(app().argument("a", Return("nobody")));
    assert_eq!(said(&error), ["session parameter `a`: there is no task `nobody`"]);
}

#[test]
fn an_unknown_group_is_reported() {
    let error = mistakes(
        app()
            .group(Group::new("nightly"))
            .task(Task::func("a", || {}).group("nightl"))
            .task(Task::func("b", || {}).group("reports")),
    );
    assert_eq!(
        said(&error),
        [
            "task `a`: there is no group `nightl`; did you mean `nightly`?",
            "task `b`: there is no group `reports`; add it to the app with `app.group(Group::new(\"reports\"))`",
        ]
    );
}

#[test]
fn a_duplicate_group_is_reported() {
    let error = mistakes(app().group(Group::new("nightly")).group(Group::new("nightly")));
    assert!(
        said(&error)[0].starts_with("two groups are named `nightly`; the first is declared at "),
        "{error}"
    );
    assert_eq!(error.problems()[0].location.unwrap().file, file!());
}

#[test]
fn a_mistake_in_the_condition_of_a_group_is_reported() {
    let error = mistakes(
        app()
            .group(Group::new("g").start("time of day after noon"))
            .task(Task::func("a", || {}).start("daily").group("g")),
    );
    assert!(said(&error)[0].contains("noon"), "{error}");
}

#[test]
fn other_mistakes_of_a_task_are_reported() {
    let nothing = TaskBuilder::new("empty", rocketry_core::__private::location!());
    let error = mistakes(
        app()
            .task(Task::func("a", || {}).timeout("soon").timezone("Europe/Helsinky"))
            .task(nothing),
    );
    let [timeout, zone, empty] = &said(&error)[..] else {
        panic!("three mistakes: {error}");
    };
    assert!(timeout.starts_with("timeout of task `a`: "), "{timeout}");
    assert!(zone.starts_with("timezone of task `a`: "), "{zone}");
    assert_eq!(*empty, "task `empty` has no function");
}

#[test]
fn errors_answer_questions() {
    let error = mistakes(app().func("a", "nonsense", || async {}));
    assert!(error.is_build() && !error.is_state() && !error.is_not_found());
    assert!(!error.is_parameter() && !error.is_mismatch() && !error.is_log());
    let running = app().build().unwrap();
    let error = running.session().task("a").unwrap_err();
    assert!(error.is_not_found() && !error.is_build());
    assert_eq!(error.problems().len(), 1);
    assert!(error.problems()[0].location.is_none());
    assert!(Error::log("full").is_log() && Error::parameter("unfit").is_parameter());
    let cause = std::error::Error::source(&Error::log(std::fmt::Error)).map(ToString::to_string);
    assert_eq!(
        cause.as_deref(),
        Some("an error occurred when formatting an argument")
    );
}

#[test]
fn an_app_shows_itself_before_and_after_it_is_built() {
    let app = app().func("a", "daily", || async {}).argument("x", SimpleArg(1));
    assert_eq!(format!("{app:?}"), "Rocketry { tasks: [\"a\"], .. }");
    assert!(format!("{:?}", app.build().unwrap()).starts_with("App { session: Session { tasks: 1"));
}
