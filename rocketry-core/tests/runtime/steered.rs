//! Options of tasks that are changed while the app runs, and questions about conditions.

use std::time::Duration;

use rocketry_core::{Action, NewRun, Params, Session, Task};

use crate::support::{app, ends, start};

async fn long(session: Session) {
    session.clock().sleep(Duration::from_secs(3600)).await;
}

#[test]
fn a_timeout_is_that_of_runs_from_then_on() {
    let mut app = start(app().func("work", "every 1 hour", long));
    let task = app.session().task("work").unwrap();
    task.set_timeout("1 minute").unwrap();
    app.run_for(Duration::from_secs(1800));
    assert_eq!(
        ends(&app, "work"),
        [Action::Terminate],
        "the first run has half an hour"
    );
    app.run_for(Duration::from_secs(1801 + 60));
    assert_eq!(task.total(Action::Terminate), 2);
    task.set_no_timeout();
    app.run_for(Duration::from_secs(2 * 3600));
    assert_eq!(task.total(Action::Terminate), 2);
    assert!(task.total(Action::Success) > 0);
    let error = task.set_timeout("soon").unwrap_err();
    assert!(
        error.is_build() && error.to_string().contains("timeout of task `work`"),
        "{error}"
    );
}

#[test]
fn a_limit_of_runs_lets_more_start_at_once() {
    let mut app = start(app().task(Task::func("work", long)));
    let task = app.session().task("work").unwrap();
    let asked: Vec<_> = (0..3).map(|_| task.run(Params::new())).collect();
    app.settle();
    assert_eq!(task.under_way().len(), 1);
    task.set_max_running(2);
    app.settle();
    assert_eq!(task.under_way().len(), 2);
    task.set_max_running(0);
    assert_eq!(task.info().max_running, Some(1));
    drop(asked);
}

#[test]
fn a_pool_that_grows_lets_those_that_wait_start() {
    let tasks = ["a", "b", "c"].map(|name| Task::func(name, long).start("daily").pool("db"));
    let mut app = start(
        tasks
            .into_iter()
            .fold(app().pool("db", 1), rocketry_core::Rocketry::task),
    );
    let running = |session: &Session| {
        let tasks = session.tasks();
        tasks.iter().filter(|task| task.is_running()).count()
    };
    assert_eq!(running(app.session()), 1);
    app.session().set_pool("db", 2).unwrap();
    app.settle();
    assert_eq!(running(app.session()), 2);
    app.session().set_pool("db", 1).unwrap();
    app.settle();
    assert_eq!(running(app.session()), 2, "runs under way go on");
    assert!(app.session().set_pool("db", 0).unwrap_err().is_state());
    let error = app.session().set_pool("bd", 3).unwrap_err();
    assert!(
        error.is_not_found() && error.to_string() == "there is no pool `bd`",
        "{error}"
    );
}

#[test]
fn a_run_is_named_by_its_parameters() {
    fn by_day(run: &NewRun<'_>) -> String {
        let text = |key: &str| run.params.get(key)?.plain()?.to_text();
        format!(
            "{}-{}",
            text("day").unwrap_or_default(),
            text("host").unwrap_or_default()
        )
    }
    let task = Task::func("work", || async {})
        .start("daily")
        .parameter("day", "any")
        .parameter("host", "local")
        .run_id(by_day);
    let mut app = start(app().param("host", "session").task(task));
    app.session()
        .task("work")
        .unwrap()
        .run(Params::new().with("day", "monday"));
    app.settle();
    let records = app.records(&rocketry_core::Query::new().action(Action::Run));
    let names: Vec<String> = records.iter().map(|record| record.run_id.to_string()).collect();
    assert_eq!(names, ["any-local", "monday-local"]);
}

#[test]
fn whether_a_condition_is_true_now() {
    let mut app = start(
        app()
            .param("mode", "demo")
            .cond("so it is", || true)
            .cond("breaks down", || Err::<bool, _>("broken"))
            .func("fetch", "every 1 hour", || async {}),
    );
    app.run_for(Duration::from_secs(2 * 3600));
    let session = app.session();
    let holds = |condition: &str| session.holds(condition).unwrap();
    assert!(holds("param 'mode' is 'demo'") && !holds("param 'mode' is 'other'"));
    assert!(holds("time of day before 03:00") && !holds("time of day after 03:00"));
    assert!(holds("task 'fetch' has succeeded today") && !holds("task 'fetch' is running"));
    assert!(holds("so it is") && !holds("~so it is"));
    assert!(holds("daily"), "as for a task that has never run");
    // The past was not kept for this before it was asked for.
    assert!(
        session
            .holds(rocketry_core::conds::succeeded("fetch").today().at_least(3))
            .unwrap()
    );
    assert!(
        !session
            .holds(rocketry_core::conds::succeeded("fetch").today().at_least(4))
            .unwrap()
    );
    // What the rest decides needs no answer.
    assert!(!holds("task 'fetch' is running & breaks down"));
    let error = session.holds("breaks down").unwrap_err();
    assert!(
        error.is_state() && error.to_string().contains("`breaks down`: broken"),
        "{error}"
    );
    let error = session.holds("task 'fetsh' is running").unwrap_err();
    assert!(
        error.is_build() && error.to_string().contains("did you mean `fetch`?"),
        "{error}"
    );
    assert!(session.holds("dayly").unwrap_err().is_build());
}
