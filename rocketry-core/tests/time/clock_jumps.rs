//! What happens when a machine was asleep, or somebody set its clock by a little.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Query, Record, Rocketry, Session, Task, TaskBuilder, Zone};

const MIDNIGHT: &str = "2026-01-01T00:00:00Z";

/// A task that runs for no time.
fn task(name: &'static str, start: &'static str) -> TaskBuilder {
    Task::func(name, || async {}).start(start)
}

/// A task that runs for so many minutes of the app's clock.
fn long(name: &'static str, start: &'static str, minutes: u64) -> TaskBuilder {
    let run = move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(minutes * 60)).await;
    };
    Task::func(name, run).start(start)
}

fn app(tasks: impl IntoIterator<Item = TaskBuilder>, at: &str) -> TestApp {
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let app = Rocketry::builder().config(config);
    let app = tasks.into_iter().fold(app, Rocketry::task);
    TestApp::start(app, at).expect("the app can be built")
}

/// The day and time of an instant of January 2026.
fn short(at: rocketry_core::Timestamp) -> String {
    let text = at.to_string();
    let text = text.strip_prefix("2026-01-").unwrap_or(&text);
    text.strip_suffix(".000000Z").unwrap_or(text).replace('T', " ")
}

fn runs(app: &TestApp, task: &str) -> Vec<Record> {
    app.records(&Query::new().task(task).action(Action::Run))
}

/// When a task has started.
fn starts(app: &TestApp, task: &str) -> Vec<String> {
    app.starts(task).into_iter().map(short).collect()
}

/// When the last run of a task was due.
fn last_due(app: &TestApp, task: &str) -> Option<String> {
    runs(app, task).last().map(|run| short(run.due))
}

#[test]
fn missed_intervals_are_one_run_and_the_grid_stays() {
    let mut app = app([task("beat", "every 10 seconds")], MIDNIGHT);
    app.sleep_until("2026-01-01T00:00:35Z");
    assert_eq!(last_due(&app, "beat").unwrap(), "01 00:00:10");
    app.run_until("2026-01-01T00:00:50Z");
    assert_eq!(
        starts(&app, "beat"),
        ["01 00:00:00", "01 00:00:35", "01 00:00:40", "01 00:00:50"]
    );
}

#[test]
fn an_interval_from_the_last_success_is_counted_from_when_it_was() {
    let mut app = app([task("sweep", "every 10 minutes based on success")], MIDNIGHT);
    app.sleep_until("2026-01-01T01:03:00Z");
    app.run_until("2026-01-01T01:15:00Z");
    assert_eq!(
        starts(&app, "sweep"),
        ["01 00:00:00", "01 01:03:00", "01 01:13:00"]
    );
}

#[test]
fn several_missed_days_are_one_run() {
    let mut app = app([task("report", "daily after 07:00")], "2026-01-01T06:00:00Z");
    app.sleep_until("2026-01-04T09:00:00Z");
    assert_eq!(starts(&app, "report"), ["04 09:00:00"]);
    assert_eq!(last_due(&app, "report").unwrap(), "04 07:00:00");
    app.run_until("2026-01-05T12:00:00Z");
    assert_eq!(starts(&app, "report"), ["04 09:00:00", "05 07:00:00"]);
}

#[test]
fn a_run_is_due_since_when_its_condition_has_been_true_without_a_break() {
    let mut app = app(
        [
            task("full", "minutely"),
            task("part", "minutely between 10 and 40"),
            task("end", "time of minute after 45 & every 1 hour"),
        ],
        "2026-01-01T00:00:20Z",
    );
    assert_eq!(starts(&app, "end"), [""; 0]);
    app.sleep_until("2026-01-01T00:05:30Z");
    assert_eq!(last_due(&app, "full").unwrap(), "01 00:01:00");
    assert_eq!(last_due(&app, "part").unwrap(), "01 00:05:10");
    assert_eq!(last_due(&app, "end"), None);
    app.sleep_until("2026-01-01T00:10:50Z");
    assert_eq!(last_due(&app, "end").unwrap(), "01 00:10:45");
}

#[test]
fn a_window_that_was_slept_through_is_missed() {
    let mut app = app(
        [task("in the morning", "daily between 07:00 and 08:00")],
        "2026-01-01T06:00:00Z",
    );
    app.sleep_until("2026-01-01T09:00:00Z");
    app.run_until("2026-01-02T12:00:00Z");
    assert_eq!(starts(&app, "in the morning"), ["02 07:00:00"]);
}

#[test]
fn a_missed_minute_of_cron_is_skipped_unless_it_has_grace() {
    let mut app = app(
        [
            task("strict", "cron 0 7 * * *"),
            task("patient", "cron 0 7 * * * grace 1 hour"),
            task("hourly", "cron 0 * * * * grace 1 hour"),
        ],
        "2026-01-01T03:30:00Z",
    );
    app.sleep_until("2026-01-01T07:20:00Z");
    assert_eq!(starts(&app, "strict"), [""; 0]);
    assert_eq!(starts(&app, "patient"), ["01 07:20:00"]);
    assert_eq!(last_due(&app, "patient").unwrap(), "01 07:00:00");
    assert_eq!(starts(&app, "hourly"), ["01 03:30:00", "01 07:20:00"]);
    app.run_until("2026-01-01T08:00:00Z");
    assert_eq!(starts(&app, "hourly")[2..], ["01 08:00:00"]);
    app.sleep_until("2026-01-02T08:00:00Z");
    assert_eq!(
        starts(&app, "patient"),
        ["01 07:20:00"],
        "the hour of grace is over"
    );
    app.run_until("2026-01-03T12:00:00Z");
    assert_eq!(starts(&app, "strict"), ["03 07:00:00"]);
}

#[test]
fn a_sleep_past_the_timeout_ends_a_run() {
    let tasks = [
        long("slow", "every 1 day", 120).timeout("30 minutes"),
        long("quick", "every 1 day", 20).timeout("30 minutes"),
    ];
    let mut app = app(tasks, MIDNIGHT);
    app.sleep_until("2026-01-01T00:45:00Z");
    let end = |task| {
        let records = app.records(&Query::new().task(task));
        records
            .last()
            .map(|record| (record.action, short(record.created)))
    };
    assert_eq!(end("slow"), Some((Action::Terminate, "01 00:45:00".into())));
    let in_time = "what was done when the clock was looked at has not taken too long";
    assert_eq!(
        end("quick"),
        Some((Action::Success, "01 00:45:00".into())),
        "{in_time}"
    );
}

#[test]
fn a_run_has_its_timeout_whatever_the_clock_shows() {
    let mut app = app(
        [long("slow", "every 1 day", 120).timeout("30 minutes")],
        "2026-01-01T12:00:00Z",
    );
    app.jump("2026-01-01T11:50:00Z");
    app.run_until("2026-01-01T13:00:00Z");
    let ended = app.records(&Query::new().task("slow").action(Action::Terminate));
    assert_eq!(short(ended[0].created), "01 12:20:00");
}

#[test]
fn an_interval_that_began_in_the_future_is_due_at_once() {
    let mut app = app(
        [
            task("beat", "every 10 minutes"),
            task("sweep", "every 10 minutes based on success"),
        ],
        "2026-01-01T12:00:00Z",
    );
    app.jump("2026-01-01T10:07:00Z");
    app.run_until("2026-01-01T10:20:00Z");
    for task in ["beat", "sweep"] {
        assert_eq!(starts(&app, task), ["01 12:00:00", "01 10:07:00", "01 10:17:00"]);
    }
}

#[test]
fn a_clock_that_is_corrected_by_milliseconds_lets_nothing_run_twice() {
    let mut app = app([task("beat", "every 10 minutes")], "2026-01-01T12:00:00Z");
    app.jump("2026-01-01T11:59:59.995Z");
    app.run_until("2026-01-01T12:05:00Z");
    app.run_until("2026-01-01T12:10:00Z");
    app.jump("2026-01-01T12:09:59.100Z");
    app.run_until("2026-01-01T12:20:00Z");
    assert_eq!(
        starts(&app, "beat"),
        ["01 12:00:00", "01 12:10:00", "01 12:20:00"]
    );
}

#[test]
fn what_has_run_today_does_not_run_again_in_the_repeated_time() {
    let mut app = app(
        [
            task("report", "daily after 07:00"),
            task("wake up", "cron 0 7 * * *"),
            task("patient", "cron 0 7 * * * grace 5 hours"),
            task("day", "daily"),
        ],
        "2026-01-01T06:00:00Z",
    );
    app.run_until("2026-01-01T08:00:00Z");
    app.jump("2026-01-01T05:30:00Z");
    app.run_until("2026-01-01T12:00:00Z");
    app.jump("2025-12-31T23:00:00Z");
    app.run_until("2026-01-01T23:00:00Z");
    for task in ["report", "wake up", "patient"] {
        assert_eq!(starts(&app, task), ["01 07:00:00"], "{task}");
    }
    assert_eq!(starts(&app, "day"), ["01 06:00:00"]);
    app.run_until("2026-01-02T12:00:00Z");
    for task in ["report", "wake up", "patient"] {
        assert_eq!(starts(&app, task), ["01 07:00:00", "02 07:00:00"], "{task}");
    }
}

#[test]
fn windows_of_the_clock_come_again_when_it_is_put_back() {
    let mut app = app(
        [task(
            "often",
            "every 5 minutes & time of day between 10:00 and 10:12",
        )],
        "2026-01-01T10:00:00Z",
    );
    app.run_until("2026-01-01T11:00:00Z");
    assert_eq!(
        starts(&app, "often"),
        ["01 10:00:00", "01 10:05:00", "01 10:10:00"]
    );
    app.jump("2026-01-01T09:50:00Z");
    app.run_until("2026-01-01T11:00:00Z");
    assert_eq!(
        starts(&app, "often")[3..],
        ["01 10:00:00", "01 10:05:00", "01 10:10:00"]
    );
}

#[test]
fn what_lies_ahead_counts_as_just_now() {
    let mut app = app(
        [
            task("source", "every 1 hour"),
            task(
                "watcher",
                "every 1 hour & task 'source' has started past 30 minutes exactly 1 time",
            ),
        ],
        "2026-01-01T12:00:00Z",
    );
    app.jump("2026-01-01T10:00:00Z");
    app.run_until("2026-01-01T11:10:00Z");
    assert_eq!(
        starts(&app, "source"),
        ["01 12:00:00", "01 10:00:00", "01 11:00:00"]
    );
    // Two runs are in the half hour after the clock was put back.
    assert_eq!(starts(&app, "watcher"), ["01 12:00:00", "01 11:00:00"]);
}
