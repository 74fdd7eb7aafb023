//! Settings of the app, and where a task runs, changed while the app runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Execution, FirstRun, Moment, OnError, Params, Query, Rocketry, Session, Task, Zone,
};

use crate::support::{app, start};

async fn long(session: Session) {
    session.clock().sleep(Duration::from_secs(3600)).await;
}

/// A task that notes the name of the thread that it runs on.
fn noting() -> TestApp {
    start(app().task(Task::func("work", |session: Session| {
        let name = thread::current().name().unwrap_or_default().to_owned();
        session.set_param("thread", name);
    })))
}

fn thread_of(app: &mut TestApp) -> String {
    drop(app.session().task("work").unwrap().run(Params::new()));
    app.settle();
    app.session().param("thread").unwrap().get::<String>().unwrap()
}

#[test]
fn a_task_runs_elsewhere_from_then_on() {
    let mut app = noting();
    let here = thread::current().name().unwrap().to_owned();
    let task = app.session().task("work").unwrap();
    assert_eq!(thread_of(&mut app), "rocketry-run");
    task.set_execution(Execution::Main).unwrap();
    assert_eq!(thread_of(&mut app), here);
    task.set_execution(Execution::Thread).unwrap();
    assert_eq!(thread_of(&mut app), "rocketry-run");
}

#[test]
fn a_task_can_not_run_where_it_can_not_run() {
    let app = noting();
    let error = app
        .session()
        .task("work")
        .unwrap()
        .set_execution(Execution::Process)
        .unwrap_err();
    assert!(error.is_build(), "{error}");
    assert!(
        error.to_string().contains("task `work`: parameter") && error.to_string().contains("has no `"),
        "{error}"
    );
}

#[test]
fn a_run_that_waits_for_a_thread_starts_elsewhere() {
    let config = Config {
        zone: Zone::UTC,
        max_thread_count: Some(1),
        ..Config::default()
    };
    let built = Rocketry::builder().config(config).pool("db", 5);
    let on_thread = |name| {
        let task = Task::func(name, long).start("daily");
        task.execution(Execution::Thread)
    };
    let built = built
        .task(on_thread("first"))
        .task(on_thread("second").pool("db"));
    let mut app = start(built);
    let second = app.session().task("second").unwrap();
    assert_eq!(second.total(Action::Run), 0);
    second.set_execution(Execution::Async).unwrap();
    app.settle();
    assert_eq!(second.total(Action::Run), 1);
    // It has left the pool of threads, and takes no room there.
    app.run_for(Duration::from_secs(3600));
    app.session().task("first").unwrap().run(Params::new());
    app.settle();
    assert!(app.session().task("first").unwrap().is_running());
}

#[test]
fn a_poll_interval_changes_at_once() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let config = Config {
        zone: Zone::UTC,
        poll_interval: Duration::from_secs(3600),
        ..Config::default()
    };
    let is_ready = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    let built = Rocketry::builder().config(config).cond("it is ready", is_ready);
    let mut app = start(built.func("t", "it is ready", || async {}));
    app.session()
        .change_settings(|config| config.poll_interval = Duration::from_secs(60))
        .unwrap();
    app.run_for(Duration::from_secs(600));
    assert_eq!(calls.load(Ordering::Relaxed), 1 + 1 + 10);
    assert_eq!(app.session().settings().poll_interval, Duration::from_secs(60));
    assert_eq!(app.session().config().poll_interval, Duration::from_secs(3600));
}

#[test]
fn records_are_kept_as_long_as_the_settings_say_now() {
    let mut app = start(app().func("t", "every 1 minute", || async {}));
    app.run_for(Duration::from_secs(3600));
    assert!(app.records(&Query::new()).len() > 100);
    let session = app.session().clone();
    session
        .change_settings(|config| config.log_keep_records = Some(10))
        .unwrap();
    app.run_for(Duration::from_secs(300));
    assert!(app.records(&Query::new()).len() < 30);
    session
        .change_settings(|config| config.log_keep_records = None)
        .unwrap();
    app.run_for(Duration::from_secs(3600));
    assert!(app.records(&Query::new()).len() > 100);
}

#[test]
fn pools_grow_and_failures_halt() {
    let tasks = ["a", "b", "c"].map(|name| Task::func(name, long).start("daily").pool("db"));
    let built = tasks.into_iter().fold(app().pool("db", 1), Rocketry::task);
    let mut app = start(built.before(Moment::TaskExecute, |task: Task| {
        assert_ne!(task.name(), "bad");
    }));
    let session = app.session().clone();
    let runs = |session: &Session| session.log(&Query::new().action(Action::Run)).unwrap().len();
    assert_eq!(runs(&session), 1);
    session
        .change_settings(|config| {
            config.pools.insert("db".to_owned(), 3);
            config.on_hook_error = OnError::Halt;
        })
        .unwrap();
    app.settle();
    assert_eq!(runs(&session), 3);
    session
        .add(Task::func("bad", || async {}).start("daily"))
        .unwrap();
    app.settle();
    let error = app.close().unwrap_err();
    assert!(error.is_halted(), "{error}");
}

#[test]
fn a_setting_that_can_not_change_says_why() {
    let app = start(app().pool("db", 1).task(Task::func("t", || async {}).pool("db")));
    let session = app.session();
    let error = session
        .change_settings(|config| {
            config.zone = "Europe/Helsinki".parse().unwrap();
            config.first_run = FirstRun::Wait;
            config.max_thread_count = Some(0);
            config.poll_interval = Duration::from_secs(1);
        })
        .unwrap_err();
    assert!(error.is_state(), "{error}");
    let messages: Vec<_> = error.problems().iter().map(|problem| &*problem.message).collect();
    assert_eq!(
        messages,
        [
            "settings: `zone` can't change while the app runs: the statements of all tasks were read with it",
            "settings: `first_run` can't change while the app runs: each task took it when it was built",
            "settings: `max_thread_count` leaves no room for a run on a thread: it is 0",
        ]
    );
    let error = session
        .change_settings(|config| {
            config.pools.insert("dbs".to_owned(), 2);
        })
        .unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("did you mean `db`"),
        "{error}"
    );
    assert_eq!(session.settings(), *session.config(), "nothing has changed");
}
