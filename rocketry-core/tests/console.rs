//! The standard error of apps without a `tracing` subscriber, each in its own process.

#[path = "support/told.rs"]
mod told;

use std::process::{Command, Stdio};

use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Rocketry, Session, Task, Zone};

/// The variable that selects the app of the process.
const AS_APP: &str = "CONSOLE_APP";

/// An app with a task that fails, and one that ends it.
fn failing(console: bool) -> Rocketry {
    Rocketry::builder()
        .config(Config {
            zone: Zone::UTC,
            console,
            ..Config::default()
        })
        .func("import", "daily", || Err::<(), _>("no network\n  at all"))
        .func("end", "after task 'import' failed", |session: Session| {
            session.shut_down();
        })
}

/// An app whose start-up waits until the app has reported the wait.
fn waiting() -> Rocketry {
    let until_told = |session: Session| {
        while session.failures().is_empty() {
            std::thread::park_timeout(std::time::Duration::from_millis(10));
        }
    };
    Rocketry::builder().task(Task::func("first", until_told).on_startup(true))
}

/// The process of an app; does nothing when run as a test.
#[test]
fn the_app_itself() {
    let Ok(kind) = std::env::var(AS_APP) else { return };
    match kind.as_str() {
        "failing" => failing(true).run(),
        "silent" => failing(false).run(),
        "traced" => {
            let told = told::told();
            let ended = failing(true).run();
            assert_eq!(told.with("run failed").len(), 1);
            ended
        }
        "empty" => Rocketry::builder().run(),
        "test" => TestApp::start(waiting(), "2026-01-01T00:00:00Z").map(drop),
        other => panic!("no app is called {other}"),
    }
    .expect("the app ends well");
}

/// Returns the lines that an app prints.
fn told_by(kind: &str) -> Vec<String> {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["the_app_itself", "--exact", "--nocapture"])
        .env(AS_APP, kind)
        .stdin(Stdio::null())
        .output()
        .expect("this program runs");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stderr).expect("text");
    let ours = text.lines().filter(|line| line.contains("] rocketry: "));
    ours.map(|line| line.split_once("] rocketry: ").expect("ours").1.to_owned())
        .collect()
}

#[test]
fn the_essentials_are_a_readable_line_each() {
    let lines = told_by("failing");
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], "started with 2 tasks; `import` is due now");
    assert!(lines[1].starts_with("task `import` failed after "), "{lines:?}");
    assert!(lines[1].ends_with(": no network at all"), "{lines:?}");
    assert_eq!(lines[2], "shutting down; waits for `end`");
}

#[test]
fn the_settings_or_a_subscriber_keep_the_console_silent() {
    assert_eq!(told_by("silent"), Vec::<String>::new());
    assert_eq!(told_by("traced"), Vec::<String>::new());
}

#[test]
fn an_app_without_tasks_says_so_and_ends() {
    let lines = told_by("empty");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("the app has no tasks, so it ends: annotate a function"),
        "{lines:?}"
    );
}

#[test]
fn an_app_without_tasks_goes_on_where_somebody_may_add_some() {
    let app = Rocketry::builder().build().expect("no mistakes");
    let session = app.session();
    let running = std::thread::spawn(move || app.run());
    let end = rocketry_core::Task::func("end", |session: Session| session.shut_down());
    session.add(end.start("always")).expect("it can be added");
    running.join().expect("no panic").expect("a good end");
    assert_eq!(session.tasks().len(), 1);
}

/// The wait is reported after five seconds. A test prints nothing else.
#[test]
fn a_test_that_waits_says_for_what() {
    let told = told_by("test");
    let expected = "the start-up waits for `first`; no other run begins before, so a start-up task that waits for one never ends";
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with(expected), "{told:?}");
}
