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
fn starts_and_ends_are_reported_quietly() {
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

/// The one span of a run of a task.
fn span_of(task: &str) -> String {
    let mut spans = told().spans_with(&format!("run task=\"{task}\""));
    assert_eq!(spans.len(), 1, "{spans:?}");
    spans.remove(0)
}

#[test]
fn a_requested_run_is_in_the_span_of_its_caller() {
    let mut app = start(app().func("wanted", "never", || async {}));
    let wanted = app.session().task("wanted").unwrap();
    tracing::info_span!("visit", page = "/orders").in_scope(|| drop(wanted.force_run()));
    app.settle();
    let said = span_of("wanted");
    assert!(said.contains(" parent=[visit page=\"/orders\"]"), "{said}");
    tracing::info_span!("tour").in_scope(|| app.session().run(["wanted"]).map(drop).unwrap());
    app.settle();
    assert_eq!(told().spans_with("parent=[tour]").len(), 1);
}

#[test]
fn a_run_that_a_run_requests_follows_from_it() {
    let ask = |session: Session| async move {
        let asked = session.task("asked by a run").unwrap();
        tokio::task::yield_now().await;
        tracing::info_span!("inner").in_scope(|| drop(asked.force_run()));
    };
    let app = app()
        .func("asks", "daily", ask)
        .func("asked by a run", "never", || async {});
    start(app);
    let said = span_of("asked by a run");
    assert!(
        said.contains(" follows=[inner]") && !said.contains("parent="),
        "{said}"
    );
}

#[test]
fn a_run_has_the_trace_context_of_its_caller() {
    const CONTEXT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut app = start(app().func("from afar", "never", || async {}));
    let session = app.session().traced(CONTEXT);
    drop(session.task("from afar").unwrap().force_run());
    app.settle();
    let said = span_of("from afar");
    assert!(said.contains(&format!(" traceparent=\"{CONTEXT}\"")), "{said}");
    assert_eq!(session.audit(), []);
}

#[test]
fn the_span_of_a_run_tells_how_it_ended() {
    let fail = || async { Err::<(), _>(Outer(std::io::Error::other("disk gone"))) };
    let app = app()
        .func("ends well", "daily", || {})
        .func("ends badly", "daily", fail)
        .task(Task::func("ends late", long).start("daily").timeout("1 minute"))
        .task(Task::func("ends early", long).start("daily").end("true"));
    start(app).run_for(Duration::from_secs(120));
    let said = span_of("ends well");
    assert!(said.ends_with(" outcome=success"), "{said}");
    let said = span_of("ends badly");
    let told =
        " outcome=fail otel.status_code=\"ERROR\" otel.status_description=\"the import failed: disk gone\"";
    assert!(said.ends_with(told), "{said}");
    let said = span_of("ends late");
    let told = " outcome=terminate otel.status_code=\"ERROR\" otel.status_description=\"it took longer than its timeout";
    assert!(said.contains(told), "{said}");
    let said = span_of("ends early");
    assert!(said.ends_with(" outcome=terminate"), "{said}");
}

#[test]
fn a_run_that_waits_for_a_pool_or_its_task_is_reported_once() {
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
fn a_start_that_is_not_made_is_reported() {
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
fn a_late_start_is_reported() {
    let task = Task::func("late", || async { tokio::task::yield_now().await }).start("hourly");
    let mut app = start(app().task(task));
    app.run_for(Duration::from_secs(60));
    app.jump("2026-01-01T03:30:00Z");
    app.settle();
    let said = line("late", "run started late");
    assert!(said.starts_with("WARN") && said.contains("lateness="), "{said}");
}

#[test]
fn the_start_and_the_end_of_an_app_are_reported() {
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
