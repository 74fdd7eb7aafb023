//! What follows from how long runs take, and from limits of time.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Overlap, Session, Task, TaskBuilder};

use super::app::{NOW, found, lints, task, with};

/// A task whose runs take some seconds.
fn slow(seconds: u64) -> TaskBuilder {
    Task::func("slow", move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(seconds)).await;
    })
}

fn messages_after_an_hour(task: TaskBuilder) -> Vec<String> {
    let mut app = TestApp::start(with([task]), NOW).unwrap();
    app.run_until("2026-01-01T01:00:00Z");
    let findings = app.session().check().unwrap();
    findings.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn an_interval_shorter_than_the_runs_is_reported() {
    let told = messages_after_an_hour(slow(25).start("every 10 seconds"));
    assert_eq!(
        told,
        [
            "the task starts every 10 seconds, but its runs take 25 seconds in the median of the run log: starts that fall into a \
          run are skipped"
        ]
    );
    let told = messages_after_an_hour(slow(90).start("cron * * * * *").overlap(Overlap::Queue));
    assert_eq!(
        told,
        [
            "the task starts every 1 minute, but its runs take 1 minute 30 seconds in the median of the run log: starts queue up \
          and are ever later"
        ]
    );
}

#[test]
fn runs_that_fit_are_not_reported() {
    assert_eq!(messages_after_an_hour(slow(5).start("every 10 seconds")), [""; 0]);
    assert_eq!(
        messages_after_an_hour(slow(25).start("every 10 seconds").max_running(3)),
        [""; 0]
    );
    assert_eq!(
        messages_after_an_hour(slow(25).start("every 10 seconds").multilaunch(true)),
        [""; 0]
    );
    // Four runs say little.
    assert_eq!(
        messages_after_an_hour(slow(901).start("every 10 minutes")),
        [""; 0]
    );
}

#[test]
fn a_timeout_over_the_interval_is_reported() {
    let limited = |timeout: &str| task("limited").start("every 1 minute").timeout(timeout);
    let findings = found(with([limited("5 minutes")]));
    assert_eq!(lints(&findings), ["timeout_over_interval: limited"]);
    assert_eq!(
        findings[0].help,
        "set a timeout of at most 1 minute, or choose with `overlap` what becomes of starts during a run"
    );
    let silent = [
        limited("1 minute"),
        limited("5 minutes").overlap(Overlap::Queue),
        limited("5 minutes").max_running(2),
        task("limited").start("every 1 minute").no_timeout(),
        task("limited").start("every 1 minute"),
        task("limited")
            .start("after task 'limited' | daily")
            .timeout("2 days"),
    ];
    for task in silent {
        assert_eq!(lints(&found(with([task]))), [""; 0]);
    }
}

#[test]
fn a_grace_over_the_period_is_reported() {
    let graceful = |start: &'static str| found(with([task("graceful").start(start)]));
    let findings = graceful("cron */5 * * * * grace 1 hour");
    assert_eq!(lints(&findings), ["grace_over_period: graceful"]);
    assert_eq!(findings[0].help, "write a grace of at most 5 minutes");
    assert_eq!(lints(&graceful("cron 0,50 9 * * Mon grace 20 minutes")), [""; 0]);
    assert_eq!(
        lints(&graceful("cron 0,50 * * * * grace 20 minutes")),
        ["grace_over_period: graceful"]
    );
    assert_eq!(lints(&graceful("cron 0 9 * * * grace 6 hours")), [""; 0]);
    assert_eq!(
        lints(&graceful("cron 0 9 * * * grace 30 hours in Asia/Tokyo")),
        ["grace_over_period: graceful"]
    );
}

/// Missed instants are made up for once, and not after the next one.
#[test]
fn a_grace_ends_with_the_next_start() {
    let app = with([task("graceful").start("cron */5 * * * * grace 1 hour")]);
    let mut app = TestApp::start(app, "2026-01-01T00:12:00Z").unwrap();
    app.run_until("2026-01-01T00:21:00Z");
    let starts = app.starts("graceful").into_iter();
    let times: Vec<String> = starts.map(|start| start.to_string()[11..16].to_owned()).collect();
    assert_eq!(times, ["00:12", "00:15", "00:20"]);
}
