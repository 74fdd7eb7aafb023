//! What an app tells through `tracing`. Each test has tasks of its own names, since all share one subscriber.

#[path = "support/told.rs"]
mod told;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Inaction, Overlap, Rocketry, Session, Task, Zone};
use told::told;

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

/// Starts an app while somebody listens.
fn start(app: Rocketry) -> TestApp {
    told();
    TestApp::start(app, "2026-01-01T00:00:00Z").unwrap()
}

/// The one line with both words in it.
fn line(word: &str, other: &str) -> String {
    let lines: Vec<String> = told()
        .with(word)
        .into_iter()
        .filter(|line| line.contains(other))
        .collect();
    assert_eq!(lines.len(), 1, "{word}, {other}: {lines:?}");
    lines[0].clone()
}

/// Sleeps by the clock of the app, for longer than any test.
async fn long(session: Session) {
    session.clock().sleep(Duration::from_secs(100 * 3600)).await;
}

#[derive(Debug)]
struct Outer(std::io::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the import failed")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_failure_is_an_error_with_its_chain() {
    let fail = || async { Err::<(), _>(Outer(std::io::Error::other("disk gone"))) };
    start(app().func("failing", "daily", fail));
    let said = line("failing", "run failed");
    assert!(said.starts_with("ERROR"), "{said}");
    assert!(said.contains("the import failed: disk gone"), "{said}");
}

#[test]
fn starts_and_ends_are_told_quietly() {
    let nothing = || Err::<(), _>(Inaction::because("no files"));
    start(
        app()
            .func("fine", "daily", || async {})
            .func("idle", "daily", nothing),
    );
    assert!(line("fine", "run started").starts_with("DEBUG"));
    assert!(line("fine", "run succeeded").starts_with("INFO"));
    let said = line("idle", "run had nothing to do");
    assert!(said.starts_with("INFO") && said.contains("no files"), "{said}");
}

#[test]
fn a_run_that_takes_too_long_is_a_warning() {
    let slow = Task::func("slow", long).start("daily").timeout("1 minute");
    start(app().task(slow)).run_for(Duration::from_secs(120));
    let said = line("slow", "run terminated");
    assert!(
        said.starts_with("WARN") && said.contains("longer than its timeout"),
        "{said}"
    );
}

#[test]
fn what_a_run_tells_is_within_its_span() {
    let app = app()
        .func("in async", "daily", || async { tracing::info!("from async") })
        .func("in thread", "daily", || tracing::info!("from thread"));
    start(app);
    let said = line("from async", "[run");
    assert!(said.contains("task=\"in async\" run_id="), "{said}");
    let said = line("from thread", "[run");
    assert!(said.contains("task=\"in thread\" run_id="), "{said}");
}

#[test]
fn the_span_of_a_run_tells_why_it_started() {
    let app = app()
        .func("comes first", "daily", || async {
            tracing::info!("from the first");
        })
        .func("comes second", "after task 'comes first'", || async {
            tracing::info!("from the second");
        });
    let mut app = start(app);
    let said = line("from the first", "[run");
    assert!(
        said.contains(" due=2026-01-01T00:00:00.000000Z cause=statement]"),
        "{said}"
    );
    let said = line("from the second", "[run");
    assert!(said.contains(" cause=statement upstream=\"run "), "{said}");
    assert!(said.ends_with(" of `comes first`\"]"), "{said}");
    let asked = app.session().task("comes first").unwrap();
    drop(asked.run_by("alice", rocketry_core::Params::new()));
    app.settle();
    let said = told().with("from the first");
    assert!(said[1].ends_with(" cause=request by alice]"), "{said:?}");
}

#[test]
fn a_run_that_waits_for_a_pool_or_its_task_is_told_of_once() {
    let busy = |name: &'static str| Task::func(name, long).start("daily").pool("tiny");
    let app = app()
        .pool("tiny", 1)
        .task(busy("first in").priority(1))
        .task(busy("left out"));
    let mut app = start(app);
    app.run_for(Duration::from_secs(60));
    let said = line("left out", "held");
    assert!(
        said.starts_with("WARN") && said.contains("room in the pool `tiny`"),
        "{said}"
    );
    let asked = app
        .session()
        .task("first in")
        .unwrap()
        .run(rocketry_core::Params::new());
    app.settle();
    let said = line("first in", "held");
    assert!(said.contains("the end of a run under way"), "{said}");
    drop(asked);
}

#[test]
fn a_start_that_is_not_made_is_told_of() {
    // The delayed start comes while a run that was asked for is under way.
    let task = Task::func("skipping", long)
        .start("hourly")
        .jitter("30 s")
        .overlap(Overlap::Skip);
    let mut app = start(app().task(task));
    app.session().task("skipping").unwrap().force_run();
    app.run_for(Duration::from_secs(60));
    let said = line("skipping", "skipped");
    assert!(
        said.starts_with("WARN") && said.contains("reason=overlap"),
        "{said}"
    );
}

#[test]
fn a_late_start_is_told_of() {
    let task = Task::func("late", || async { tokio::task::yield_now().await }).start("hourly");
    let mut app = start(app().task(task));
    app.run_for(Duration::from_secs(60));
    app.jump("2026-01-01T03:30:00Z");
    app.settle();
    let said = line("late", "run started late");
    assert!(said.starts_with("WARN") && said.contains("lateness="), "{said}");
}

#[test]
fn the_start_and_the_end_of_an_app_are_told() {
    let app = app()
        .func("tell of start", "daily after 07:00", || async {})
        .func("ends it", "daily after 06:00", |session: Session| async move {
            session.shut_down();
        });
    start(app).run_for(Duration::from_secs(6 * 3600));
    let said = line(
        "the app has started",
        "`ends it` is due next, at 2026-01-01 06:00:00",
    );
    assert!(said.starts_with("INFO") && said.contains("tasks=2"), "{said}");
    let said = line("shutting down", "waits for `ends it`");
    assert!(said.starts_with("INFO"), "{said}");
}
