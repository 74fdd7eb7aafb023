//! Failures are isolated: each is recorded and visible, and everything else continues.

use std::error::Error as StdError;
use std::fmt;
use std::panic::panic_any;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rocketry_core::log::{Page, Past, Retention, RunLog, Write};
use rocketry_core::{
    Action, Error, Execution, Inaction, MemoryLog, NewRun, Part, Query, Result, RunId, Task,
};

use crate::support::{app, ends, message, start};

/// An error with a cause.
#[derive(Debug)]
struct Outer(Inner);

#[derive(Debug)]
struct Inner;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the import failed")
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such file")
    }
}

impl StdError for Inner {}

impl StdError for Outer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

/// Wraps an error and hides its type.
fn boxed(error: impl StdError + Send + Sync + 'static) -> Box<dyn StdError + Send + Sync> {
    Box::new(error)
}

#[test]
fn a_panic_is_a_failure_with_its_words() {
    async fn text() {
        panic!("no network")
    }
    fn formatted() {
        panic!("no {}", "network")
    }
    fn other() {
        panic_any(404)
    }
    let app = start(
        app()
            .func("text", "daily", text)
            .func("formatted", "daily", formatted)
            .func("other", "daily", other)
            .task(
                Task::func("inline", formatted)
                    .start("daily")
                    .execution(Execution::Main),
            )
            .func("good", "daily", || async {}),
    );
    assert_eq!(message(&app, "text"), "panicked: no network");
    assert_eq!(message(&app, "formatted"), "panicked: no network");
    assert_eq!(message(&app, "other"), "panicked: a value that is not a string");
    assert_eq!(message(&app, "inline"), "panicked: no network");
    for task in ["text", "formatted", "other", "inline"] {
        assert_eq!(ends(&app, task), [Action::Fail], "{task}");
    }
    assert_eq!(ends(&app, "good"), [Action::Success]);
}

#[test]
fn an_error_is_a_failure_with_its_causes() {
    let app = start(app().func("import", "daily", || async { Err::<(), _>(Outer(Inner)) }));
    assert_eq!(ends(&app, "import"), [Action::Fail]);
    assert_eq!(message(&app, "import"), "the import failed: no such file");
}

#[test]
fn an_error_that_says_nothing_more_than_its_type_is_reported_by_it() {
    struct Silent;
    let app = start(app().task(task!("mute", [], Err::<(), Silent>(Silent)).start("daily")));
    assert!(message(&app, "mute").starts_with("an error of type `"));
    assert!(message(&app, "mute").ends_with("Silent`"));
}

#[test]
fn nothing_to_do_is_neither_success_nor_failure() {
    let idle = || Inaction::because("no new files");
    let app = start(
        app()
            .func("plain", "daily", move || Err::<(), _>(idle()))
            .func("hidden", "daily", move || Err::<(), _>(boxed(idle())))
            .func("caused", "daily", move || Err::<(), _>(Caused(idle())))
            .task(task!("macro", [], Err::<(), Inaction>(idle())).start("daily")),
    );
    for task in ["plain", "hidden", "caused", "macro"] {
        assert_eq!(ends(&app, task), [Action::Inaction], "{task}");
    }
    assert_eq!(message(&app, "plain"), "no new files");
    assert_eq!(message(&app, "caused"), "while importing: no new files");
}

/// An error whose cause is another one.
#[derive(Debug)]
struct Caused<E>(E);

impl<E> fmt::Display for Caused<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("while importing")
    }
}

impl<E: StdError + 'static> StdError for Caused<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_failure_keeps_the_result_of_the_last_success() {
    let first = AtomicBool::new(true);
    let work = move || {
        if first.swap(false, Ordering::Relaxed) {
            Ok(5)
        } else {
            Err("no more")
        }
    };
    let mut app = start(app().func("work", "every 1 hour", work));
    app.run_for(Duration::from_secs(3600));
    assert_eq!(ends(&app, "work"), [Action::Success, Action::Fail]);
    assert_eq!(crate::support::result::<i32>(&app, "work"), 5);
}

#[test]
fn a_panic_in_a_parameter_fails_its_run_only() {
    fn broken() -> i32 {
        panic!("no value")
    }
    let app = start(
        app()
            .argument("broken", made!("broken", [], broken()))
            .task(task!("work", [broken: i32], broken).start("daily"))
            .func("good", "daily", || async {}),
    );
    assert_eq!(ends(&app, "work"), [Action::Fail]);
    let said = message(&app, "work");
    assert!(
        said.starts_with("parameter `broken` of task `work`: panicked: no value\n  --> "),
        "{said}"
    );
    assert_eq!(ends(&app, "good"), [Action::Success]);
    assert_eq!(app.session().failures()[0].part, Part::Parameter);
    let asked = app.session().param("broken").unwrap_err();
    assert_eq!(asked.to_string(), "panicked: no value");
}

#[test]
fn a_panic_in_a_condition_is_visible_and_counts_as_false() {
    let mut app = start(app().func("work", "daily & the sky falls", || async {}).func(
        "good",
        "every 10 seconds",
        || async {},
    ));
    app.run_for(Duration::from_secs(10));
    assert_eq!(app.starts("work").len(), 0);
    assert_eq!(app.starts("good").len(), 2);
    let error = app.session().task("work").unwrap().condition_error();
    assert_eq!(error.as_deref(), Some("`the sky falls`: panicked: no idea"));
}

#[test]
fn an_error_of_a_condition_is_visible_until_it_can_be_asked_again() {
    let mut app = start(
        app()
            .param("disk", false)
            .func("work", "daily & disk answers", || async {}),
    );
    let task = app.session().task("work").unwrap();
    assert_eq!(
        task.condition_error().as_deref(),
        Some("`disk answers`: the disk is gone")
    );
    app.session().set_param("disk", true);
    app.run_for(Duration::from_secs(1));
    assert_eq!(task.condition_error(), None);
    assert_eq!(ends(&app, "work"), [Action::Success]);
}

#[test]
fn a_parameter_that_a_condition_lacks_is_visible() {
    let mut app = start(
        app()
            .param("disk", false)
            .func("work", "daily & disk answers", || async {}),
    );
    app.session().set_param("disk", 5);
    app.run_for(Duration::from_secs(1));
    let error = app.session().task("work").unwrap().condition_error().unwrap();
    assert!(
        error.contains("parameter `disk`: expected `bool`, found a value of type `i32`"),
        "{error}"
    );
    assert!(error.contains("asking.rs:"), "{error}");
}

#[test]
fn a_panic_while_a_run_is_named_leaves_it_its_number() {
    fn nameless(_: &NewRun<'_>) -> String {
        panic!("no name")
    }
    let app = start(
        app()
            .task(Task::func("work", || async {}).start("daily").run_id(nameless))
            .task(Task::func("early", || async {}).on_startup(true).run_id(nameless))
            .func("good", "daily", || async {}),
    );
    for task in ["work", "early", "good"] {
        assert_eq!(ends(&app, task), [Action::Success], "{task}");
        let record = &app.records(&Query::new().task(task).last(1))[0];
        assert!(matches!(record.run_id, RunId::Number(_)), "{task}");
    }
}

#[test]
fn the_scheduler_goes_on_when_the_log_is_lost() {
    #[derive(Default)]
    struct Shaky {
        log: MemoryLog,
        fails: Mutex<u32>,
    }
    impl RunLog for Shaky {
        fn write(&self, write: &Write<'_>) -> Result<()> {
            let mut fails = self.fails.lock().unwrap();
            if *fails < 2 {
                *fails += 1;
                return Err(Error::log("the disk is full"));
            }
            self.log.write(write)
        }
        fn query(&self, query: &Query) -> Result<Page> {
            self.log.query(query)
        }
        fn load(&self) -> Result<Past> {
            self.log.load()
        }
        fn forget(&self, retention: &Retention) -> Result<u64> {
            self.log.forget(retention)
        }
        fn is_immediate(&self) -> bool {
            true
        }
    }
    let mut app = start(
        app()
            .log(Shaky::default())
            .func("work", "every 10 seconds", || async {}),
    );
    app.run_for(Duration::from_secs(30));
    let task = app.session().task("work").unwrap();
    assert_eq!(task.total(Action::Success), 4);
    assert_eq!(ends(&app, "work"), [Action::Success; 3]);
}

/// Miksus/rocketry#182, kelektiv/node-cron#585: one failing task stops the others.
#[test]
fn a_task_that_fails_stops_no_other() {
    let built = app()
        .func("fails", "every 1 hour", || async { Err::<(), _>("no") })
        .func("panics", "every 1 hour", || async {
            if true {
                panic_any(5_u32)
            }
        })
        .func("thread", "every 1 hour", || -> u8 { panic!("on a thread") })
        .func("well", "every 1 hour", || async {});
    let mut app = start(built);
    app.run_until("2026-01-02T00:00:00Z");
    for (task, action) in [
        ("fails", Action::Fail),
        ("panics", Action::Fail),
        ("thread", Action::Fail),
        ("well", Action::Success),
    ] {
        assert_eq!(app.starts(task).len(), 25, "{task}");
        assert_eq!(app.session().task(task).unwrap().total(action), 25, "{task}");
    }
}
