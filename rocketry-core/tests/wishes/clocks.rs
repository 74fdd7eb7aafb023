//! The table of the documentation: what each word makes of a clock that is put forward or back. In Helsinki 03:00 to 04:00
//! is skipped on Sunday the 29th of March, and read twice on Sunday the 25th of October.

use chrono_tz::Europe::Helsinki;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Rocketry};

/// When a statement starts on a day, as the clock reads; the app runs from an instant before.
fn starts(statement: &str, from: &str, day: &str) -> Vec<String> {
    let config = Config {
        zone: "Europe/Helsinki".parse().expect("a zone"),
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .func("work", statement, || async {});
    let mut app = TestApp::start(app, from).unwrap_or_else(|error| panic!("{statement}: {error}"));
    app.run_until(&*format!("{day}T23:59:00Z"));
    let local = app
        .starts("work")
        .into_iter()
        .map(|at| at.to_utc().with_timezone(&Helsinki));
    let of_day = local.filter(|at| at.format("%Y-%m-%d").to_string() == day);
    of_day
        .map(|at| reading(&at.format("%H:%M %:z").to_string()))
        .collect()
}

/// `03:30+3` from `03:30 +03:00`, and `04+3` at a full hour.
fn reading(text: &str) -> String {
    let (time, offset) = text.split_once(" +0").expect("an offset of the zone");
    format!("{}+{}", time.trim_end_matches(":00"), &offset[..1])
}

/// In the gap: the app runs from the 14th of March.
#[track_caller]
fn forward(statement: &str, expected: &[&str]) {
    let found = starts(statement, "2026-03-14T12:00:00Z", "2026-03-29");
    assert_eq!(found, expected, "{statement}");
}

/// In the repeat: the app runs from the 10th of October.
#[track_caller]
fn back(statement: &str, expected: &[&str]) {
    let found = starts(statement, "2026-10-10T12:00:00Z", "2026-10-25");
    assert_eq!(found, expected, "{statement}");
}

#[test]
fn windows_of_the_calendar_start_at_the_end_of_a_gap_and_once_in_a_repeat() {
    for day in [
        "daily at",
        "weekly on Sunday",
        "daily at 03:30, 23:00 on Saturday | daily at",
    ] {
        forward(&format!("{day} 03:30"), &["04+3"]);
        back(&format!("{day} 03:30"), &["03:30+3"]);
    }
    for day in [
        "monthly on 29th",
        "quarterly on last Sunday",
        "yearly on March 29th",
    ] {
        forward(&format!("{day} 03:30"), &["04+3"]);
    }
    for day in [
        "monthly on last Sunday",
        "quarterly on 25th",
        "yearly on October 25th",
    ] {
        back(&format!("{day} 03:30"), &["03:30+3"]);
    }
    for statement in ["every 2 weeks on Sunday 03:30 from", "every 1 week from"] {
        forward(&format!("{statement} 2026-03-15 03:30"), &["04+3"]);
        back(&format!("{statement} 2026-10-11 03:30"), &["03:30+3"]);
    }
}

#[test]
fn a_moved_window_keeps_its_length_and_an_end_is_the_later_one() {
    // From 04:00 for the half hour that it has; steps of a quarter of an hour.
    let steps = "every 15 minutes from 00:00 & time of day";
    forward(&format!("{steps} between 03:30 and 04:00"), &["04+3", "04:15+3"]);
    forward(
        &format!("{steps} between 02:30 and 03:30"),
        &["02:30+2", "02:45+2"],
    );
    back(
        &format!("{steps} between 03:15 and 03:45"),
        &["03:15+3", "03:30+3", "03:45+3", "03+2", "03:15+2", "03:30+2"],
    );
}

#[test]
fn hours_are_elapsed_time() {
    let count = |statement: &str| {
        let spring = starts(statement, "2026-03-28T12:00:00Z", "2026-03-29");
        let autumn = starts(statement, "2026-10-24T12:00:00Z", "2026-10-25");
        // The last hours of the day are cut off alike.
        (
            autumn.len() - spring.len(),
            spring.contains(&"03:30+2".to_owned()),
        )
    };
    for statement in [
        "hourly",
        "hourly at 30:00",
        "every 1 hour",
        "every 1 hour from 2026-01-01 00:30",
    ] {
        assert_eq!(count(statement), (2, false), "{statement}");
    }
    back(
        "hourly at 30:00 & time of day between 03:00 and 04:00",
        &["03:30+3", "03:30+2"],
    );
}

#[test]
fn steps_from_a_time_follow_the_readings() {
    forward(
        "every 30 minutes from 02:00 until 05:00",
        &["02+2", "02:30+2", "04+3", "04:30+3"],
    );
    back(
        "every 30 minutes from 02:30 until 04:00",
        &["02:30+3", "03+3", "03:30+3", "03+2", "03:30+2"],
    );
}

#[test]
fn months_that_pass_end_at_the_end_of_a_gap_and_at_the_first_of_two_instants() {
    let found = starts("every 2 months", "2026-01-29T01:30:00Z", "2026-03-29");
    assert_eq!(found, ["04+3"]);
    let found = starts("every 2 months", "2026-08-25T00:30:00Z", "2026-10-25");
    assert_eq!(found, ["03:30+3"]);
}

#[test]
fn days_last_from_their_first_instant_to_their_last() {
    for days in ["on 2026-03-29", "on Sunday", "on weekends", "on last Sunday"] {
        forward(&format!("once per ({days})"), &["00+2"]);
    }
    // The step of 23:00 is not used up at midnight.
    let steps = "every 6 hours from 2026-10-24 23:00 & on";
    back(
        &format!("{steps} 2026-10-25"),
        &["00+3", "04+2", "10+2", "16+2", "22+2"],
    );
}

#[test]
fn dates_with_a_time() {
    forward("daily & from 2026-03-29 03:30", &["04+3"]);
    back("daily & from 2026-10-25 03:30", &["03:30+3"]);
    forward("once at 2026-03-29 03:30", &["04+3"]);
    back("once at 2026-10-25 03:30", &["03:30+3"]);
    let steps = "every 30 minutes from 02:00 until 05:00 & until";
    forward(&format!("{steps} 2026-03-29 03:30"), &["02+2", "02:30+2"]);
    back(
        &format!("{steps} 2026-10-25 03:30"),
        &["02+3", "02:30+3", "03+3", "03:30+3", "03+2"],
    );
}

#[test]
fn cron_expressions_of_one_time_of_day_run_once() {
    forward("cron 30 3 * * *", &["04+3"]);
    back("cron 30 3 * * *", &["03:30+3"]);
    back("cron */30 3 * * *", &["03+3", "03:30+3", "03+2", "03:30+2"]);
}
