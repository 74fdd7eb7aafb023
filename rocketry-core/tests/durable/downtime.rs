//! Starts that are missed while the app is down.

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Query, Rocketry, Timestamp};

use crate::support::{self, Disk};

fn app(disk: &Disk, tasks: &[(&'static str, &'static str)]) -> Rocketry {
    let app = support::app(disk);
    tasks
        .iter()
        .fold(app, |app, (name, start)| app.func(*name, *start, || async {}))
}

/// When the runs of a task started and when they were due.
fn runs(app: &TestApp, task: &str) -> Vec<(String, String)> {
    let records = app.records(&Query::new().task(task).action(Action::Run));
    let time = |at: Timestamp| at.to_string()[11..19].to_owned();
    records
        .iter()
        .map(|record| (time(record.created), time(record.due)))
        .collect()
}

/// Runs an app from 09:00 on, with a break.
fn with_a_break(tasks: &[(&'static str, &'static str)], down: &str, up: &str, until: &str) -> TestApp {
    let disk = Disk::default();
    let day = |time: &str| format!("2026-01-01T{time}Z");
    let mut first = TestApp::start(app(&disk, tasks), &*day("09:00:00")).unwrap();
    first.run_until(&*day(down));
    first.close().unwrap();
    let mut second = TestApp::start(app(&disk, tasks), &*day(up)).unwrap();
    second.run_until(&*day(until));
    second
}

fn at_and_due(at: &str, due: &str) -> (String, String) {
    (at.to_owned(), due.to_owned())
}

#[test]
fn a_missed_interval_is_due_when_it_was_and_the_grid_stays() {
    let app = with_a_break(
        &[
            ("hour", "every 1 hour"),
            ("finish", "every 1 hour based on finish"),
        ],
        "11:58:00",
        "12:03:00",
        "14:30:00",
    );
    let missed = at_and_due("12:03:00", "12:00:00");
    let next = ["13:00:00", "14:00:00"].map(|on_time| at_and_due(on_time, on_time));
    assert_eq!(runs(&app, "hour")[3..], [&[missed.clone()][..], &next].concat());
    assert_eq!(runs(&app, "finish")[3], missed);
}

#[test]
fn a_start_that_has_never_come_before_is_due_when_it_was() {
    let app = with_a_break(
        &[
            ("noon", "cron 0 12 * * * grace 10 minutes"),
            ("window", "daily after 12:00"),
            ("spread", "daily after 12:00 & time of day before 13:00"),
        ],
        "11:59:50",
        "12:00:20",
        "23:00:00",
    );
    for task in ["noon", "window", "spread"] {
        assert_eq!(runs(&app, task), [at_and_due("12:00:20", "12:00:00")], "{task}");
    }
}

#[test]
fn several_missed_starts_are_one() {
    let app = with_a_break(
        &[("hour", "every 1 hour"), ("cron", "cron 30 * * * * grace 1 hour")],
        "10:45:00",
        "13:40:00",
        "14:10:00",
    );
    let hour = runs(&app, "hour");
    assert_eq!(
        hour[2..],
        [
            at_and_due("13:40:00", "11:00:00"),
            at_and_due("14:00:00", "14:00:00")
        ]
    );
    assert_eq!(runs(&app, "cron")[3..], [at_and_due("13:40:00", "11:30:00")]);
}

#[test]
fn a_follower_is_due_when_the_app_ended() {
    let tasks = [
        ("source", "daily after 10:00"),
        ("next", "after task 'source' & time of day after 12:00"),
    ];
    let app = with_a_break(&tasks, "11:00:00", "12:30:00", "13:00:00");
    assert_eq!(runs(&app, "next"), [at_and_due("12:30:00", "12:00:00")]);
}

#[test]
fn a_delayed_start_that_is_held_comes_as_if_the_app_had_not_ended() {
    let tasks = [
        ("source", "daily at 06:00, 08:50"),
        ("next", "90 minutes after task 'source' & time of day after 10:00"),
    ];
    let disk = Disk::default();
    let mut first = TestApp::start(app(&disk, &tasks), "2026-01-01T05:00:00Z").unwrap();
    first.run_until("2026-01-01T09:55:00Z");
    first.close().unwrap();
    let mut second = TestApp::start(app(&disk, &tasks), "2026-01-01T09:58:00Z").unwrap();
    second.run_until("2026-01-01T11:00:00Z");
    // The first is due because of the end at 06:00, the second because of the one at 08:50.
    let starts = ["10:00:00", "10:20:00"].map(|at| at_and_due(at, at));
    assert_eq!(runs(&second, "next"), starts);
}

#[test]
fn a_task_that_is_new_is_due_now() {
    let disk = Disk::default();
    let first = TestApp::start(app(&disk, &[("old", "daily")]), "2026-01-01T09:00:00Z").unwrap();
    first.close().unwrap();
    let tasks = [
        ("old", "daily"),
        ("new", "daily"),
        ("after", "daily after 07:00"),
        ("every", "every 1 hour"),
    ];
    let second = TestApp::start(app(&disk, &tasks), "2026-01-01T12:00:00Z").unwrap();
    for task in ["new", "after", "every"] {
        assert_eq!(
            runs(&second, task),
            [at_and_due("12:00:00", "12:00:00")],
            "{task}"
        );
    }
}
