//! The tables.

use rocketry_core::Rocketry;
use rocketry_core::conds::succeeded;
use rocketry_core::testing::TestApp;

use super::expected::expect;
use super::shop::{printed, shop};

/// Compares what a command prints at both widths.
#[track_caller]
fn check(name: &str, words: &[&str]) {
    check_in(shop, name, words);
}

/// Compares what a command prints of an app, which is made anew for each width.
#[track_caller]
fn check_in(app: impl Fn() -> TestApp, name: &str, words: &[&str]) {
    for width in [80, 120] {
        let text = printed(&app(), words, width);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(widest <= width, "{widest} columns:\n{text}");
        expect(&format!("{name}-{width}"), &text);
    }
}

#[test]
fn tasks() {
    check("tasks", &["tasks"]);
    check(
        "tasks-failed",
        &["tasks", "--status", "fail", "--due-within", "2h"],
    );
}

#[test]
fn log() {
    check("log", &["log", "since:2h"]);
    check("log-failures", &["log", "action:fail", "-n", "2"]);
    check("log-nothing", &["log", "task:archive", "action:crash"]);
}

#[test]
fn runs() {
    check("runs", &["runs", "rates", "-n", "3"]);
    check("run-running", &["run", "archive-01-01T05:00"]);
    check("run-failed", &["run", "rates-01-01T05:00"]);
    check("run-of-a-pipeline", &["run", "import-01-01T06:00"]);
}

#[test]
fn steering() {
    check("run-task", &["run-task", "fetch"]);
    check("terminate", &["terminate", "archive"]);
    check("terminate-run", &["terminate", "archive-01-01T05:00"]);
    check("enable", &["enable", "clean up"]);
    check("disable", &["disable", "fetch"]);
    check("pause", &["pause", "fetch", "--until", "2h"]);
    check("pause-all", &["pause", "--all"]);
    check("resume", &["resume", "fetch"]);
    check("skip-next", &["skip-next", "report"]);
}

#[test]
fn changing() {
    check("set-start", &["set", "report", "start", "daily after 06:00"]);
    check("set-end", &["set", "report", "end", "daily after 08:00"]);
    check("set-priority", &["set", "report", "priority", "-5"]);
    check("set-timeout", &["set", "report", "timeout", "10 minutes"]);
    check("set-max-running", &["set", "report", "max-running", "2"]);
    check("set-execution", &["set", "report", "execution", "main"]);
    let changed = || {
        let app = shop();
        let ann = app.session().by("ann");
        let report = ann.task("report").unwrap();
        report
            .set_start("daily after 06:00 & after task 'import'")
            .unwrap();
        ann.task("fetch").unwrap().set_priority(5);
        app
    };
    check_in(changed, "overrides", &["overrides"]);
    check_in(changed, "overrides-task", &["overrides", "report"]);
    check_in(changed, "reset", &["reset", "report"]);
    check("param", &["param"]);
    check("param-one", &["param", "day"]);
    check("param-set", &["param", "day=2026-01-31"]);
    check("param-remove", &["param", "day", "--remove"]);
    check("param-task-none", &["param", "--task", "fetch"]);
    check("pool", &["pool"]);
    check("pool-set", &["pool", "database", "8"]);
    check("cancel-catch-up", &["cancel-catch-up", "fetch"]);
}

#[test]
fn ending() {
    check("shut-down", &["shut-down"]);
    check("shut-down-now", &["shut-down", "--now"]);
    check("restart", &["restart"]);
}

#[test]
fn audit() {
    check("audit-none", &["audit"]);
    let steered = || {
        let app = shop();
        let ann = app.session().by("ann").via("socket, user 1000");
        ann.task("report")
            .unwrap()
            .set_start("daily after 06:00")
            .unwrap();
        ann.task("clean up").unwrap().enable();
        ann.set_pool("database", 8).unwrap();
        app.session().via("dashboard").pause();
        app
    };
    check_in(steered, "audit", &["audit"]);
    check_in(
        steered,
        "audit-task",
        &["audit", "--task", "report", "--by", "ann"],
    );
    expect(
        "audit-csv",
        &printed(&steered(), &["audit", "-n", "2", "-o", "csv"], 80),
    );
}

#[test]
fn next() {
    check("next-task", &["next", "report", "-n", "3"]);
    check(
        "next-statement",
        &["next", "daily at 02:30", "--zone", "Europe/Paris"],
    );
    check("next-never", &["next", "daily & until 2025-12-31"]);
    check("next-on-request", &["next", "import"]);
}

#[test]
fn explain() {
    check("explain-task", &["explain", "report"]);
    check("explain-past", &["explain", "report", "--at", "06:30"]);
    check("explain-future", &["explain", "rates", "--at", "in 45m"]);
    check("explain-running", &["explain", "archive"]);
    check("explain-zone", &["explain", "clean up"]);
}

#[test]
fn simulate() {
    check("simulate", &["simulate", "--to", "2d"]);
    let short = || {
        let app = Rocketry::builder()
            .func("count", "every 1 hour", || async {})
            .shut_down_when(succeeded("count").at_least(5));
        TestApp::start(app, "2026-01-01T03:00:00Z").unwrap()
    };
    check_in(short, "simulate-ends-early", &["simulate", "--to", "2d"]);
}

#[test]
fn lints() {
    check("check-nothing", &["check"]);
    check("check-statement", &["check", "cron */40 9 13 * Fri"]);
    let words = [
        "check",
        "daily at 02:30 & every 5 minutes",
        "--zone",
        "Europe/Paris",
    ];
    check("check-zone", &words);
}

#[test]
fn calendar() {
    check("calendar", &["calendar"]);
    check("calendar-task", &["calendar", "report", "--month", "2026-02"]);
}

#[test]
fn backfill() {
    check(
        "backfill-plan",
        &[
            "backfill",
            "fetch",
            "--from",
            "2025-12-31 20:00",
            "--to",
            "today",
            "--dry-run",
        ],
    );
    let begun = ["backfill", "fetch", "--from", "2025-12-31 20:00", "--to", "today"];
    check("backfill-begun", &begun);
}
