//! What annotated functions do once an app runs. Everything annotated in a binary is in each of its apps.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, Query};

/// A value that only lives in this process.
#[derive(Clone, Debug, PartialEq)]
struct Report {
    lines: Vec<String>,
}

#[param("greeting")]
fn greeting(#[arg(EnvArg("NO_SUCH_VARIABLE") >> SimpleArg("Hello".to_owned()))] text: String) -> String {
    text
}

#[param]
fn shouted(greeting: String) -> Result<String, std::fmt::Error> {
    Ok(greeting.to_uppercase())
}

#[cond("is workday")]
fn is_workday(now: Now) -> bool {
    now.weekday().number_from_monday() < 6
}

#[cond("it is past {hour} in '{place}'")]
fn is_past(place: String, hour: u32, now: Now, greeting: String) -> Result<bool, std::fmt::Error> {
    assert_eq!((place.as_str(), greeting.as_str()), ("Helsinki", "Hello"));
    Ok(now.hour() > hour)
}

#[cond]
fn is_early(#[given] before: u32, now: Now) -> bool {
    now.hour() < before
}

/// Loads the report.
///
/// It has one line.
#[task(daily.after("07:00") & is_workday)]
async fn fetch(greeting: String, #[arg("shouted")] loud: String) -> Result<Report, std::fmt::Error> {
    Ok(Report {
        lines: vec![greeting, loud],
    })
}

mod reports {
    use super::*;

    #[task(after_success(fetch), priority = 3)]
    pub(super) fn crunch(#[arg(Return(fetch))] report: Arc<Report>, extra: usize) -> usize {
        report.lines.len() + extra
    }
}

#[task(
    after_success(reports::crunch) & (started(this_task).today() < 1),
    name = "print it",
    parameters = { prefix = "> ".to_owned() },
)]
fn print(#[arg(Return(reports::crunch))] lines: usize, prefix: String) -> String {
    format!("{prefix}{lines}")
}

#[task("daily & it is past 10 in 'Helsinki'")]
fn by_phrase() {}

#[task(daily & is_past("Helsinki", 12_u32) & !is_early(15))]
fn by_call() {}

#[task]
fn never_by_itself() {}

#[task("every 1 hour", disabled)]
fn idle() {}

static GUARDS: AtomicUsize = AtomicUsize::new(0);
static STARTS: AtomicUsize = AtomicUsize::new(0);

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDS.fetch_sub(1, Ordering::Relaxed);
    }
}

#[setup]
fn prepare() -> Guard {
    GUARDS.fetch_add(1, Ordering::Relaxed);
    Guard
}

#[hook(task_execute)]
fn count() {
    STARTS.fetch_add(1, Ordering::Relaxed);
}

/// One test for all, because all share what is annotated here.
#[test]
fn annotated_functions_are_in_the_app() {
    // A Thursday.
    let config = Config {
        poll_interval: Duration::from_secs(60),
        ..Config::default()
    };
    let app = Rocketry::new().param("extra", 40_usize).config(config);
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").expect("the app is right");
    assert_eq!(GUARDS.load(Ordering::Relaxed), 1, "set up");
    app.run_until("2026-01-03T23:00:00Z");
    let starts = |task: &str| -> Vec<String> {
        let starts = app.starts(task).into_iter();
        starts.map(|start| start.to_string()[5..16].to_owned()).collect()
    };
    assert_eq!(starts("fetch"), ["01-01T07:00", "01-02T07:00"], "not on Saturday");
    assert_eq!(starts("reports::crunch"), ["01-01T07:00", "01-02T07:00"]);
    assert_eq!(starts("print it"), ["01-01T07:00", "01-02T07:00"]);
    assert_eq!(starts("by_phrase"), ["01-01T11:00", "01-02T11:00", "01-03T11:00"]);
    assert_eq!(starts("by_call"), ["01-01T15:00", "01-02T15:00", "01-03T15:00"]);
    assert!(starts("never_by_itself").is_empty() && starts("idle").is_empty());
    assert_eq!(
        app.records(&Query::new().action(Action::Fail)),
        [],
        "every parameter was found"
    );

    let session = app.session();
    let fetch = session.task("fetch").expect("there is such a task");
    assert_eq!(fetch.description(), Some("Loads the report.\n\nIt has one line."));
    let printed = session.task("print it").expect("there is such a task").result();
    assert_eq!(
        printed.and_then(|value| value.get::<String>()).as_deref(),
        Some("> 42")
    );
    assert_eq!(
        STARTS.load(Ordering::Relaxed),
        2 * 3 + 3 + 3,
        "the hook saw every start"
    );

    app.shut_down();
    assert_eq!(
        GUARDS.load(Ordering::Relaxed),
        0,
        "what the set-up returned is dropped at the end"
    );
}

#[test]
fn plain_code_names_a_task_by_its_function() {
    #[task(never)]
    async fn download(_session: Session) -> u8 {
        5
    }
    #[task(never)]
    fn unpack() {}
    fn no_task() {}
    let app = Rocketry::builder().register::<download>().register::<unpack>();
    let app = app.func(
        "after",
        rocketry::conds::after_any_success((download, unpack)),
        || async {},
    );
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").expect("a sound app");
    assert_eq!(app.session().task(download).expect("a task").name(), "download");
    let after = app.session().task("after").expect("a task").start_condition();
    assert_eq!(
        after.expect("a condition").to_string(),
        "after any tasks 'download', 'unpack'"
    );
    let mut app = app;
    drop(
        app.session()
            .run((unpack, download, "after"))
            .expect("there are such tasks"),
    );
    app.settle();
    assert_eq!(app.records(&Query::new().action(Action::Success)).len(), 3);
    let error = app.session().task(no_task).expect_err("not a task");
    assert!(
        error.is_not_found() && error.to_string().contains("no_task"),
        "{error}"
    );
}
