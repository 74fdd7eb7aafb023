//! The tables.

use super::expected::expect;
use super::shop::{printed, shop};

/// Compares what a command prints at both widths.
#[track_caller]
fn check(name: &str, words: &[&str]) {
    let app = shop();
    for width in [80, 120] {
        let text = printed(&app, words, width);
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
}

#[test]
fn simulate() {
    check("simulate", &["simulate", "--to", "2d"]);
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
    expect("backfill-begun", &printed(&shop(), &begun, 80));
}
