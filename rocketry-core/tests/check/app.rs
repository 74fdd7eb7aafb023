//! A whole app, what is allowed in it, and how findings are written.

use rocketry_core::check::{Finding, Lint, Severity};
use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Session, Task, TaskBuilder};

pub(crate) const NOW: &str = "2026-01-01T00:00:00Z";

/// A task that does nothing.
pub(crate) fn task(name: &'static str) -> TaskBuilder {
    Task::func(name, || async {})
}

/// What is found in an app on manual time.
pub(crate) fn found(app: Rocketry) -> Vec<Finding> {
    let app = TestApp::start(app, NOW).unwrap();
    app.session().check().unwrap()
}

/// The lints, each with its task.
pub(crate) fn lints(findings: &[Finding]) -> Vec<String> {
    let shown = |finding: &Finding| match &finding.task {
        Some(task) => format!("{}: {task}", finding.lint),
        None => finding.lint.to_string(),
    };
    findings.iter().map(shown).collect()
}

pub(crate) fn with(tasks: impl IntoIterator<Item = TaskBuilder>) -> Rocketry {
    tasks.into_iter().fold(Rocketry::builder(), Rocketry::task)
}

#[test]
fn an_app_without_mistakes_has_no_findings() {
    let app = with([
        task("fetch").start("daily after 07:00"),
        task("report").start("after task 'fetch'"),
        task("tidy")
            .start("cron 0 9 * * Mon-Fri grace 1 hour")
            .timeout("10 minutes"),
    ]);
    assert_eq!(lints(&found(app)), [""; 0]);
}

#[test]
fn a_finding_has_its_task_place_and_statement() {
    let app = with([task("wages").start("monthly on 31st & ~has failed today")]);
    let findings = found(app);
    let [finding] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(finding.lint, Lint::DayNotInEveryMonth);
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.task.as_deref(), Some("wages"));
    assert_eq!(
        finding.statement.as_deref(),
        Some("monthly on 31st & ~has failed today")
    );
    assert_eq!(finding.part.as_deref(), Some("monthly on 31st"));
    let place = finding.place.as_ref().unwrap();
    assert!(place.file.ends_with("app.rs"), "{place}");
    assert_ne!(place.line, 0);
    let json = serde_json::to_value(finding).unwrap();
    assert_eq!(json["lint"], "day_not_in_every_month");
    assert_eq!(json["severity"], "warning");
    assert_eq!(json["line"], place.line);
    let read: Finding = serde_json::from_value(json).unwrap();
    assert_eq!(read, *finding);
}

#[test]
fn what_is_allowed_is_not_reported() {
    let flawed = || task("wages").start("monthly on 31st");
    assert_eq!(lints(&found(with([flawed()]))), ["day_not_in_every_month: wages"]);
    for lint in ["day_not_in_every_month", "day-not-in-every-month"] {
        assert_eq!(lints(&found(with([flawed().allow(lint)]))), [""; 0]);
        assert_eq!(lints(&found(with([flawed()]).allow(lint))), [""; 0]);
    }
    assert_eq!(
        lints(&found(with([flawed().allow(Lint::DayNotInEveryMonth)]))),
        [""; 0]
    );
    let other = found(with([flawed().allow("both_day_fields")]));
    assert_eq!(lints(&other), ["day_not_in_every_month: wages"]);
}

#[test]
fn a_misspelt_lint_is_a_mistake_of_the_app() {
    let mistake = |app: Rocketry| app.build().unwrap_err().to_string();
    let of_task = mistake(with([task("wages").allow("newer_true")]));
    assert!(
        of_task
            .starts_with("allow of task `wages`: there is no lint `newer_true`; did you mean `never_true`?"),
        "{of_task}"
    );
    let of_app = mistake(Rocketry::builder().allow("unused_parametr"));
    assert!(
        of_app.starts_with("allow: there is no lint `unused_parametr`; did you mean `unused_parameter`?"),
        "{of_app}"
    );
}

#[test]
fn a_contradiction_is_an_error_unless_it_is_allowed() {
    let flawed = || task("odd").start("weekly on Monday & weekly on Friday");
    let also = || task("other").start("weekly on Monday & weekly on Friday");
    assert!(with([flawed()]).build().unwrap_err().is_build());
    let allowed = with([flawed().allow("never_true")]);
    assert_eq!(lints(&found(allowed)), [""; 0]);
    // That one task may have it does not mean that another may.
    let error = with([flawed().allow("never_true"), also()]).build().unwrap_err();
    assert!(error.to_string().contains("task `other`"), "{error}");
    assert_eq!(error.problems().len(), 1);
    assert!(with([flawed(), also()]).allow("never_true").build().is_ok());
}

#[test]
fn a_condition_set_while_the_app_runs_follows_what_the_task_allows() {
    let app = with([
        task("strict").start("daily"),
        task("lax").start("daily").allow("never_true"),
    ]);
    let app = TestApp::start(app, NOW).unwrap();
    let set = |session: &Session, name: &str| {
        let task = session.task(name).unwrap();
        task.set_start("weekly on Monday & weekly on Friday").is_ok()
    };
    assert!(!set(app.session(), "strict"));
    assert!(set(app.session(), "lax"));
}

#[test]
fn many_tasks_at_one_instant_are_reported() {
    let names = || ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
    let daily = |name| task(name).start("daily at 06:00");
    let findings = found(with(names().map(daily)));
    assert_eq!(lints(&findings), ["many_at_once"]);
    assert_eq!(
        findings[0].message,
        "11 tasks are due at Thursday 06:00:00 UTC: `a`, `b`, `c` and 8 others"
    );
    let spread = found(with(names().map(|name| daily(name).jitter("5 minutes"))));
    assert_eq!(lints(&spread), [""; 0]);
    let pooled = names().map(|name| daily(name).pool("db"));
    assert_eq!(lints(&found(with(pooled).pool("db", 2))), [""; 0]);
    let ten = found(with(names().into_iter().take(10).map(daily)));
    assert_eq!(lints(&ten), [""; 0]);
}

#[test]
fn a_time_that_has_passed_is_reported_unless_the_task_has_run() {
    let over = |start: &'static str| lints(&found(with([task("over").start(start)])));
    assert_eq!(over("daily & until 2025-12-31"), ["never_true: over"]);
    assert_eq!(over("once at 2025-07-04 12:00"), ["never_true: over"]);
    assert_eq!(over("once at 2026-07-04 12:00"), [""; 0]);
    assert_eq!(over("once at 2026-01-01"), [""; 0]);
    assert_eq!(over("never"), [""; 0]);
}
