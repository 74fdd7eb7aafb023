//! Running given tasks once, in a running app and as an app of their own.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Moment, Params, Record, Result, Rocketry, Runs, Session, Task};

use crate::support::{app, ends, ready, start, times};

async fn ten_seconds(session: Session) {
    session.clock().sleep(Duration::from_secs(10)).await;
}

/// An app of tasks of which no two stand alike.
fn mixed() -> Rocketry {
    app()
        .func("due", "every 1 hour", || async {})
        .func("not due", "daily after 07:00", || async {
            Err::<(), _>("as it does")
        })
        .task(Task::func("disabled", || async {}).start("true").disabled(true))
        .task(Task::func("without", || async {}))
        .func("long", "~has started", ten_seconds)
}

fn outcome(mut runs: Runs) -> Option<Result<Vec<(String, Action)>>> {
    let names = |record: Record| (record.task.to_string(), record.action);
    let said = ready(&mut runs)?;
    Some(said.map(|records| records.into_iter().map(names).collect()))
}

fn ask(app: &mut TestApp, tasks: &[&str]) -> Vec<(String, Action)> {
    let runs = app.session().run(tasks).unwrap();
    app.settle();
    outcome(runs).expect("they have ended").expect("they were made")
}

fn ask_due(app: &mut TestApp, tasks: &[&str]) -> Vec<(String, Action)> {
    let runs = app.session().run_due(tasks).unwrap();
    app.settle();
    outcome(runs).expect("they have ended").expect("they were made")
}

fn pairs<const N: usize>(expected: [(&str, Action); N]) -> Vec<(String, Action)> {
    expected.map(|(name, action)| (name.to_owned(), action)).to_vec()
}

#[test]
fn tasks_run_whatever_their_conditions_say() {
    let mut app = start(mixed());
    let ended = ask(&mut app, &["without", "not due", "disabled", "due"]);
    let all = [
        ("without", Action::Success),
        ("not due", Action::Fail),
        ("disabled", Action::Success),
        ("due", Action::Success),
    ];
    assert_eq!(ended, pairs(all), "in the order of their names");
    assert_eq!(times(&app, "disabled"), ["00:00:00"], "once");
    assert!(app.session().task("disabled").unwrap().is_disabled());
}

#[test]
fn only_those_that_are_due_run_with_their_conditions() {
    let mut app = start(mixed());
    let all = ["due", "not due", "disabled", "without", "long"];
    assert_eq!(ask_due(&mut app, &all), [], "what was due has started already");
    app.run_until("2026-01-01T00:30:00Z");
    app.session().task("due").unwrap().disable();
    app.run_until("2026-01-01T06:59:00Z");
    app.session().task("not due").unwrap().disable();
    app.run_until("2026-01-01T08:00:00Z");
    assert_eq!(ask_due(&mut app, &all), []);
    app.session().task("due").unwrap().set_start("minutely").unwrap();
    app.session().task("due").unwrap().enable();
    let runs = app.session().run_due(["due"]).unwrap();
    app.settle();
    assert_eq!(outcome(runs).unwrap().unwrap(), pairs([("due", Action::Success)]));
    assert_eq!(times(&app, "due"), ["00:00:00", "08:00:00"], "once for both");
}

#[test]
fn what_is_asked_for_anyway_is_not_held_up_by_what_is_not_due() {
    let mut app = start(mixed());
    let task = app.session().task("not due").unwrap();
    let declined = app.session().run_due(["not due"]).unwrap();
    let mut made = task.run(Params::new());
    let declined_too = app.session().run_due(["not due"]).unwrap();
    app.settle();
    assert_eq!(outcome(declined).unwrap().unwrap(), []);
    assert_eq!(outcome(declined_too).unwrap().unwrap(), []);
    assert_eq!(ready(&mut made).unwrap().unwrap().action, Action::Fail);
    assert_eq!(ends(&app, "not due"), [Action::Fail]);
}

#[test]
fn a_task_named_twice_runs_once() {
    let mut app = start(mixed());
    assert_eq!(
        ask(&mut app, &["without", "without"]),
        pairs([("without", Action::Success)])
    );
}

#[test]
fn nothing_runs_if_a_name_is_wrong() {
    let mut app = start(mixed());
    let error = app.session().run(["without", "disabld", "nobody"]).unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(
        error.to_string(),
        "there is no task `disabld`; did you mean `disabled`?\nthere is no task `nobody`"
    );
    app.settle();
    assert_eq!(app.starts("without"), []);
}

#[test]
fn a_waiter_gets_an_error_for_runs_that_are_not_made() {
    let mut app = start(mixed());
    let long = app.session().task("long").unwrap();
    let deleted = app.session().run(["long", "without"]).unwrap();
    long.delete();
    app.settle();
    let error = outcome(deleted).unwrap().unwrap_err();
    assert!(error.is_state(), "{error}");
    assert_eq!(
        error.to_string(),
        "the run of task `long` was not made: the task was deleted"
    );
    assert_eq!(ends(&app, "without"), [Action::Success], "the other one was");
    let session = app.session().clone();
    let ended = session.run(["without", "disabled"]).unwrap();
    session.shut_down();
    assert_eq!(
        outcome(ended).unwrap().unwrap_err().to_string(),
        "the run of task `without` was not made: the app has ended\n\
         the run of task `disabled` was not made: the app has ended"
    );
    app.shut_down();
    let late = session.run_due(["without"]).unwrap();
    assert!(outcome(late).unwrap().unwrap_err().is_state());
}

/// An app on the system's clock, which notes its moments.
fn noting() -> Rocketry {
    let note = |what: &'static str| {
        move |session: Session| {
            // Tasks on threads say something at the same time.
            static SAYING: std::sync::Mutex<()> = std::sync::Mutex::new(());
            let _turn = SAYING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let said = session.param("said").unwrap().get::<String>().unwrap();
            session.set_param("said", format!("{said}{what} "));
        }
    };
    let fail = |session: Session| async move {
        session.task("asked")?.run(Params::new()).await?;
        Err::<(), _>(rocketry_core::Error::parameter("as it does"))
    };
    app()
        .param("said", String::new())
        .setup(note("setup"))
        .before(Moment::Startup, note("up"))
        .after(Moment::Shutdown, note("down"))
        .task(Task::func("first", note("first")).on_startup(true))
        .task(Task::func("last", note("last")).on_shutdown(true))
        .func("always", "true", note("always"))
        .func("a", "every 1 hour", note("a"))
        .func("b", "never", note("b"))
        .task(Task::func("asked", note("asked")))
        .func("fails", "never", fail)
}

fn only(tasks: &[&str], if_due: bool) -> (Vec<(String, Action)>, String) {
    let app = noting().build().unwrap();
    let session = app.session();
    let only = app.only(tasks);
    let records = if if_due { only.if_due().run() } else { only.run() };
    let ended = records
        .unwrap()
        .into_iter()
        .map(|record| (record.task.to_string(), record.action));
    let said = session.param("said").unwrap().get::<String>().unwrap();
    (ended.collect(), said)
}

#[test]
fn an_app_for_some_of_its_tasks_runs_nothing_else() {
    let (ended, said) = only(&["b", "a"], false);
    assert_eq!(ended, pairs([("b", Action::Success), ("a", Action::Success)]));
    assert!(
        said.starts_with("setup up ") && said.ends_with(" down "),
        "{said}"
    );
    assert_eq!(said.len(), "setup up a b down ".len(), "{said}");
}

#[test]
fn an_app_for_some_of_its_tasks_may_obey_their_conditions() {
    assert_eq!(
        only(&["b", "a"], true),
        (pairs([("a", Action::Success)]), "setup up a down ".to_owned())
    );
    assert_eq!(only(&["b"], true), (Vec::new(), "setup up down ".to_owned()));
}

#[test]
fn a_run_of_such_an_app_may_ask_for_another() {
    assert_eq!(
        only(&["fails"], false),
        (
            pairs([("fails", Action::Fail)]),
            "setup up asked down ".to_owned()
        )
    );
}

#[test]
fn a_start_up_task_of_such_an_app_runs_if_it_is_named() {
    assert_eq!(only(&["first"], false).1, "setup up first down ");
}

#[test]
fn such_an_app_does_not_start_if_a_name_is_wrong() {
    let app = noting().build().unwrap();
    let session = app.session();
    let error = app.only(["alwys"]).run().unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no task `alwys`; did you mean `always`?"
    );
    assert_eq!(session.param("said").unwrap().get::<String>().unwrap(), "");
}

#[test]
fn such_an_app_tells_what_kept_it_from_its_runs() {
    let closing = app()
        .setup(|session: Session| session.shut_down())
        .task(Task::func("work", || async {}));
    let error = closing.build().unwrap().only(["work"]).run().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the run of task `work` was not made: the app has ended"
    );
    let failing = app()
        .setup(|| Err::<(), _>("no disk"))
        .task(Task::func("work", || async {}));
    let app = failing.build().unwrap();
    let asked = app.session().task("work").unwrap().run(Params::new());
    assert!(
        app.only(["work"])
            .run()
            .unwrap_err()
            .to_string()
            .contains("no disk")
    );
    let mut asked = asked;
    assert!(ready(&mut asked).unwrap().unwrap_err().is_state());
}
