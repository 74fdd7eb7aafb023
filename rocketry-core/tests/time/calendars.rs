//! Calendars: days by name, from lists, files and functions.

use std::fs;
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, Weekday};
use rocketry_core::testing::TestApp;
use rocketry_core::time::IntoDates;
use rocketry_core::{Config, Dates, Rocketry, Session, Zone};

use crate::folder::Folder;

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

/// The days on which a statement starts, in an app with a calendar.
fn days(statement: &str, calendar: impl IntoDates, from: &str, until: &str) -> Vec<String> {
    let app = app()
        .calendar("closed", calendar)
        .func("work", statement, || async {});
    let mut app = TestApp::start(app, from).unwrap();
    app.run_until(until);
    let starts = app.starts("work");
    starts
        .iter()
        .map(|start| start.to_string()[..16].to_owned())
        .collect()
}

const DECEMBER: [&str; 2] = ["2026-12-20T12:00:00Z", "2027-01-04T12:00:00Z"];

fn december(statement: &str, calendar: impl IntoDates) -> Vec<String> {
    days(statement, calendar, DECEMBER[0], DECEMBER[1])
}

const CLOSED: [&str; 4] = ["2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01"];

#[test]
fn a_task_runs_but_for_the_days_of_a_calendar() {
    let open = [
        "2026-12-21T09:30",
        "2026-12-22T09:30",
        "2026-12-23T09:30",
        "2026-12-28T09:30",
        "2026-12-29T09:30",
        "2026-12-30T09:30",
        "2027-01-04T09:30",
    ];
    assert_eq!(
        december("daily at 09:30 on weekdays & ~on 'closed'", CLOSED),
        open
    );
    assert_eq!(
        december("daily at 09:30 on business days of 'closed'", CLOSED),
        open
    );
    assert_eq!(
        december("daily at 09:30 & on business days of 'closed'", CLOSED),
        open
    );
    let closed = [
        "2026-12-24T10:00",
        "2026-12-25T10:00",
        "2026-12-31T10:00",
        "2027-01-01T10:00",
    ];
    assert_eq!(december("daily at 10:00 on 'closed'", CLOSED), closed);
}

#[test]
fn business_days_are_counted_and_moved_by() {
    let day = |rule: &str| december(&format!("monthly on {rule} 17:00"), CLOSED);
    assert_eq!(day("last business day of 'closed'"), ["2026-12-30T17:00"]);
    assert_eq!(day("2nd last business day of 'closed'"), ["2026-12-29T17:00"]);
    assert_eq!(
        day("first business day of 'closed'"),
        [] as [&str; 0],
        "it is the 4th, at 17:00"
    );
    assert_eq!(
        day("next business day of 'closed' after 23rd"),
        ["2026-12-28T17:00"]
    );
    assert_eq!(
        day("25th or previous business day of 'closed'"),
        ["2026-12-23T17:00"]
    );
    assert_eq!(
        day("3 business days of 'closed' before last day"),
        ["2026-12-28T17:00"]
    );
    assert_eq!(
        day("2 business days of 'closed' after 24th"),
        ["2026-12-29T17:00"]
    );
}

#[test]
fn a_function_tells_the_days_of_each_year() {
    // Every Friday the 13th.
    let fridays = Dates::by_year(|year| {
        let months = (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(year, month, 13));
        months.filter(|day| day.weekday() == Weekday::Fri).collect()
    });
    let found = days(
        "daily on 'closed'",
        fridays,
        "2026-01-01T00:00:00Z",
        "2028-01-01T00:00:00Z",
    );
    assert_eq!(
        found,
        [
            "2026-02-13T00:00",
            "2026-03-13T00:00",
            "2026-11-13T00:00",
            "2027-08-13T00:00"
        ]
    );
}

#[test]
fn the_days_of_an_icalendar_recur() {
    let folder = Folder::new();
    let path = folder.path("closed.ics");
    let event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20201227\nRRULE:FREQ=YEARLY\nEND:VEVENT\n";
    fs::write(&path, event).unwrap();
    assert_eq!(
        december("daily on 'closed'", Dates::file(path)),
        ["2026-12-25T00:00", "2026-12-26T00:00"]
    );
}

#[test]
fn mistakes_are_reported_when_the_app_is_built() {
    let told = |app: Rocketry| {
        app.build()
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    let unknown = app()
        .calendar("holidays", CLOSED)
        .func("a", "daily & ~on 'holiday'", || async {});
    assert!(told(unknown).contains("there is no calendar 'holiday'; did you mean `holidays`?"));
    let none = app().func("a", "monthly on last business day of 'nyse'", || async {});
    assert!(
        told(none)
            .contains("there is no calendar 'nyse'; add it to the app with `app.calendar(\"nyse\", …)`")
    );
    let no_date = app().calendar("holidays", ["25.12.2026"]);
    assert!(
        told(no_date)
            .contains("calendar `holidays`: expected a date such as `2026-12-25`, found `25.12.2026`")
    );
    let no_file = app().calendar("holidays", Dates::file("there/is/none.toml"));
    assert!(told(no_file).contains("calendar `holidays`: `there/is/none.toml` can't be read"));
    let twice = app().calendar("holidays", CLOSED).calendar("holidays", CLOSED);
    assert!(told(twice).contains("two calendars are named `holidays`"));
}

#[test]
fn a_calendar_that_has_run_out_is_reported_once() {
    let app = app()
        .calendar("closed", CLOSED)
        .func("work", "daily at 10:00 & ~on 'closed'", || async {});
    let mut app = TestApp::start(app, "2026-12-20T00:00:00Z").unwrap();
    app.run_until("2026-12-31T12:00:00Z");
    assert_eq!(app.session().failures(), []);
    app.run_until("2027-01-20T12:00:00Z");
    let failures = app.session().failures();
    let [failure] = &failures[..] else {
        panic!("{failures:?}")
    };
    assert_eq!(
        &*failure.message,
        "calendar `closed`: it knows no day after 2027-01-01; add those that follow"
    );
    assert_eq!(failure.times, 1);
    assert_eq!(failure.first.to_string(), "2027-01-02T00:00:00.000000Z");
}

#[test]
fn other_days_of_a_file_hold_at_once() {
    let folder = Folder::new();
    let path = folder.path("closed.toml");
    fs::write(&path, "days = [\"2027-06-01\"]").unwrap();
    let app =
        app()
            .calendar("closed", Dates::file(&path))
            .func("work", "daily at 10:00 on 'closed'", || async {});
    let mut app = TestApp::start(app, "2026-12-20T00:00:00Z").unwrap();
    app.run_until("2026-12-21T00:00:00Z");
    fs::write(&path, "days = [\"2026-12-23\", \"2027-06-01\"]").unwrap();
    app.session().read_calendars();
    app.run_until("2026-12-31T00:00:00Z");
    assert_eq!(app.starts("work").len(), 1);
    fs::write(&path, "days = [\"2026-13-01\"]").unwrap();
    app.session().read_calendars();
    app.run_until("2027-12-31T00:00:00Z");
    assert_eq!(app.starts("work").len(), 2, "the days remain as they were");
    let failures = app.session().failures();
    let told = |text: &str| failures.iter().any(|failure| failure.message.contains(text));
    assert!(told("line 1: there is no day `2026-13-01`"), "{failures:?}");
}

#[test]
fn a_file_that_is_emptied_keeps_its_days() {
    let folder = Folder::new();
    let path = folder.path("closed.toml");
    fs::write(&path, "days = [\"2026-12-23\"]").unwrap();
    let app =
        app()
            .calendar("closed", Dates::file(&path))
            .func("work", "daily at 10:00 on 'closed'", || async {});
    let mut app = TestApp::start(app, "2026-12-20T00:00:00Z").unwrap();
    fs::write(&path, "").unwrap();
    app.session().read_calendars();
    app.run_until("2026-12-31T00:00:00Z");
    assert_eq!(app.starts("work").len(), 1);
    let failures = app.session().failures();
    let told = failures
        .iter()
        .any(|failure| failure.message.contains("it has no days"));
    assert!(told, "{failures:?}");
}

/// On the clock of the machine: the task runs as soon as the file says that today is one of the days.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_changes_is_read_again() {
    let folder = Folder::new();
    let path = folder.path("days.txt");
    fs::write(&path, "2020-01-01\n").unwrap();
    let app = app().calendar("today", Dates::file(&path)).func(
        "work",
        "daily on 'today'",
        |session: Session| async move { session.shut_down() },
    );
    let app = app.build().unwrap();
    let today = app.session().now().to_utc().date_naive();
    let running = std::thread::spawn(move || app.run());
    let deadline = Instant::now() + Duration::from_secs(60);
    while !running.is_finished() {
        assert!(Instant::now() < deadline, "the change is not noticed");
        // Written again, as the app may not have started to watch yet; tomorrow, in case midnight comes.
        let tomorrow = today.succ_opt().unwrap();
        fs::write(&path, format!("{today} {tomorrow}\n")).unwrap();
        std::thread::yield_now();
    }
    running.join().unwrap().unwrap();
}
