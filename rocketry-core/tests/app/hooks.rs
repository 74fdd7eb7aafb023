//! Hooks that are added by hand: before and after each moment, with what they see of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Ended, Execution, Moment, OnError, Part, Rocketry, RunId, Session, Side, Task,
    TaskBuilder, Zone,
};

const START: &str = "2026-01-01T00:00:00Z";

/// What has happened, in order.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// A hook that notes a text.
    fn noting(&self, what: &'static str) -> impl Fn() + Send + Sync + 'static {
        let diary = self.clone();
        move || diary.note(what)
    }
}

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

#[test]
fn each_is_called_on_its_side() {
    let diary = Diary::default();
    let app = app()
        .setup(diary.noting("set-up"))
        .after(Moment::Shutdown, diary.noting("after shut-down"))
        .before(Moment::Shutdown, diary.noting("before shut-down"))
        .after(Moment::Startup, diary.noting("after start-up"))
        .before(Moment::Startup, diary.noting("before start-up"))
        .task(Task::func("early", diary.noting("early")).on_startup(true))
        .task(Task::func("late", diary.noting("late")).on_shutdown(true))
        .func("work", "daily", diary.noting("work"));
    TestApp::start(app, START).unwrap().shut_down();
    let expected = [
        "set-up",
        "before start-up",
        "early",
        "after start-up",
        "work",
        "before shut-down",
        "late",
        "after shut-down",
    ];
    assert_eq!(diary.take(), expected);
}

#[test]
fn a_cycle_is_between_its_hooks() {
    let diary = Diary::default();
    let app = app()
        .before(Moment::Cycle, diary.noting("("))
        .after(Moment::Cycle, diary.noting(")"))
        .task(
            Task::func("work", diary.noting("work"))
                .start("daily")
                .execution(Execution::Main),
        );
    let app = TestApp::start(app, START).unwrap();
    let cycles = app.session().cycles();
    let noted = diary.take();
    assert_eq!(noted.iter().filter(|what| *what == "(").count() as u64, cycles);
    assert_eq!(noted[..3], ["(", "work", ")"]);
    assert_eq!(noted.concat().replace("work", "").replace("()", ""), "");
}

/// Notes how each run ends.
fn noting_ends(diary: &Diary) -> impl Fn(Ended, Task, RunId, Session) + Send + Sync + 'static {
    let diary = diary.clone();
    move |ended, task, run_id, session| {
        assert_eq!(&*ended.task, task.name());
        assert_eq!(ended.run_id, run_id);
        let known = session
            .log(&rocketry_core::Query::new().run_id(run_id).action(ended.action))
            .unwrap();
        assert_eq!(known, std::slice::from_ref(&ended.0), "it has been recorded");
        diary.note(format!(
            "{} {} {:?} {:?}",
            task.name(),
            ended.action,
            ended.runtime(),
            ended.message
        ));
    }
}

#[test]
fn after_a_run_its_outcome_is_seen() {
    let diary = Diary::default();
    let sleepy = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
    let app = app()
        .after(Moment::TaskExecute, noting_ends(&diary))
        .func("good", "daily", || {})
        .func("bad", "after task 'good'", || Err::<(), _>("no network"))
        .task(Task::func("long", sleepy).start("daily").timeout("10 seconds"))
        .task(Task::func("lost", sleepy).start("daily after 12:00"));
    let mut app = TestApp::start(app, START).unwrap();
    assert_eq!(
        diary.take(),
        [
            "good success Some(0ns) None",
            "bad fail Some(0ns) Some(\"no network\")"
        ]
    );
    app.run_until("2026-01-01T12:00:10Z");
    assert_eq!(
        diary.take(),
        ["long terminate Some(10s) Some(\"it took longer than its timeout\")"]
    );
    app.session().shut_down_now();
    app.shut_down();
    assert_eq!(
        diary.take(),
        ["lost terminate Some(10s) Some(\"the app shuts down\")"]
    );
}

#[test]
fn one_function_may_be_called_on_both_sides() {
    let diary = Diary::default();
    let noting = |diary: &Diary| {
        let diary = diary.clone();
        move |side: Side| diary.note(format!("{side:?}"))
    };
    let app = app()
        .before(Moment::TaskExecute, noting(&diary))
        .after(Moment::TaskExecute, noting(&diary))
        .func("work", "daily", diary.noting("work"));
    let _app = TestApp::start(app, START).unwrap();
    assert_eq!(diary.take(), ["Before", "work", "After"]);
}

#[test]
fn what_is_not_there_yet_is_said() {
    let app = app().func("work", "daily", |_: Side| {});
    let app = TestApp::start(app, START).unwrap();
    let failures = app.session().failures();
    assert!(
        failures[0].message.contains("there is no `Side` outside a hook"),
        "{failures:?}"
    );
    assert_eq!(failures[0].part, Part::Parameter);
    assert_eq!(failures[0].task.as_deref(), Some("work"));
}

#[test]
fn a_hook_that_can_not_know_an_end_is_a_mistake() {
    let app = app()
        .before(Moment::TaskExecute, |_: Ended| {})
        .after(Moment::Cycle, |_: Session, _: Ended| {})
        .after(Moment::TaskExecute, |_: Ended| {});
    let error = app.build().unwrap_err();
    assert_eq!(error.problems().len(), 2, "{error}");
    for problem in error.problems() {
        let said = &*problem.message;
        assert!(
            said.ends_with("`Ended` exists only in a hook after a run"),
            "{said}"
        );
        assert_eq!(problem.location.unwrap().file, file!());
    }
}

#[test]
fn those_around_the_start_and_the_end_may_be_asynchronous() {
    let diary = Diary::default();
    let later = |diary: &Diary, what: &'static str| {
        let diary = diary.clone();
        move || {
            let diary = diary.clone();
            async move {
                tokio::task::yield_now().await;
                diary.note(what);
            }
        }
    };
    let app = app()
        .setup(later(&diary, "set-up"))
        .before(Moment::Startup, later(&diary, "start-up"))
        .after(Moment::Shutdown, later(&diary, "shut-down"));
    TestApp::start(app, START).unwrap().shut_down();
    assert_eq!(diary.take(), ["set-up", "start-up", "shut-down"]);
}

#[test]
fn those_for_which_everything_waits_may_not() {
    for moment in [Moment::Cycle, Moment::TaskExecute] {
        let error = app().after(moment, || async {}).build().unwrap_err();
        assert!(
            error.is_build() && error.to_string().contains("can't be `async`"),
            "{error}"
        );
    }
    assert!(app().after_task_init(|| async {}).build().unwrap_err().is_build());
}

#[test]
fn a_task_is_changed_before_it_is_built_and_seen_after() {
    let diary = Diary::default();
    let noting = diary.clone();
    let app = app()
        .before_task_init(|task: TaskBuilder| {
            let name = format!("{}!", task.declared_name());
            task.name(name).priority(7)
        })
        .after_task_init(move |task: Task| noting.note(task.name()))
        .func("one", "never", || {})
        .func("two", "after task 'one!'", || {});
    let app = TestApp::start(app, START).unwrap();
    assert_eq!(diary.take(), ["one!", "two!"]);
    assert!(app.session().task("one").is_err());
    app.session().add(Task::func("three", || {})).unwrap();
    assert_eq!(diary.take(), ["three!"], "also one that is added later");
}

#[test]
fn a_hook_that_refuses_a_task_is_a_mistake_of_the_app() {
    let refuse = |task: TaskBuilder| match task.declared_name() {
        "bad" => Err("not on this machine"),
        _ => Ok(task),
    };
    let broken = |_: TaskBuilder| -> TaskBuilder { panic!("no idea") };
    let error = app()
        .before_task_init(refuse)
        .func("bad", "daily", || {})
        .build()
        .unwrap_err();
    let said = error.to_string();
    assert!(
        error.is_build() && said.contains("before the build of task `bad`: not on this machine"),
        "{said}"
    );
    assert!(said.contains("tests/app/hooks.rs:"), "{said}");
    let error = app()
        .before_task_init(broken)
        .func("any", "daily", || {})
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("panicked: no idea"), "{error}");
    let app = TestApp::start(app().before_task_init(refuse), START).unwrap();
    assert!(
        app.session()
            .add(Task::func("bad", || {}))
            .unwrap_err()
            .is_build()
    );
    assert!(app.session().tasks().is_empty());
}

#[test]
fn one_that_fails_is_visible_and_the_others_are_called() {
    let diary = Diary::default();
    let app = app()
        .before(Moment::TaskExecute, || -> () { panic!("no idea") })
        .before(Moment::TaskExecute, diary.noting("second"))
        .func("work", "every 10 seconds", diary.noting("work"));
    let mut app = TestApp::start(app, START).unwrap();
    app.run_for(Duration::from_secs(20));
    assert_eq!(
        diary.take(),
        ["second", "work", "second", "work", "second", "work"]
    );
    let failures = app.session().failures();
    assert_eq!(failures.len(), 1);
    assert_eq!((failures[0].part, failures[0].times), (Part::Hook, 3));
    assert_eq!(failures[0].last.since(failures[0].first), Duration::from_secs(20));
    assert!(
        failures[0].message.contains("panicked: no idea"),
        "{}",
        failures[0].message
    );
}

#[test]
fn one_that_fails_halts_the_app_if_it_is_to() {
    let config = Config {
        zone: Zone::UTC,
        on_hook_error: OnError::Halt,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .after(Moment::TaskExecute, |ended: Ended| match ended.action {
            Action::Success => Err("I want failures"),
            _ => Ok(()),
        })
        .func("work", "every 10 seconds", || {});
    let mut app = TestApp::start(app, START).unwrap();
    app.run_for(Duration::from_secs(60));
    assert_eq!(app.starts("work").len(), 1, "it starts no more");
    let error = app.close().unwrap_err();
    let said = error.to_string();
    assert!(
        error.is_halted() && said.starts_with("halted by the failure of the hook of task `work`: hook `"),
        "{said}"
    );
    assert!(
        said.contains("I want failures\n  --> ") && said.contains("tests/app/hooks.rs:"),
        "{said}"
    );
}
