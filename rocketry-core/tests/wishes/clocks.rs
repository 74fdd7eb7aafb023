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

/// Row: `daily`, `weekly`, `monthly`, `quarterly`, `yearly`, and their `time of …`
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
    // Once in the window of the hour, whatever its length.
    for time_of in [
        "day between 03:30 and 05:00",
        "week between Sun 03:30 and Sun 05:00",
    ] {
        forward(&format!("once per (time of {time_of})"), &["04+3"]);
        back(&format!("once per (time of {time_of})"), &["03:30+3"]);
    }
}

/// Row: `every … on …`, `every … from` a date in days, weeks or months
#[test]
fn windows_in_some_units_are_those_of_the_calendar() {
    forward("every 2 weeks on Sunday 03:30 from 2026-03-15", &["04+3"]);
    back("every 2 weeks on Sunday 03:30 from 2026-10-11", &["03:30+3"]);
    forward("every 1 week from 2026-03-15 03:30", &["04+3"]);
    back("every 1 week from 2026-10-11 03:30", &["03:30+3"]);
    forward("every 15 days from 2026-03-14 03:30", &["04+3"]);
    back("every 15 days from 2026-10-10 03:30", &["03:30+3"]);
    forward("every 1 month from 2026-01-29 03:30", &["04+3"]);
    back("every 1 month from 2026-01-25 03:30", &["03:30+3"]);
}

/// Row: an end at midnight
#[test]
fn a_day_ends_when_midnight_first_comes() {
    // The clock of the Azores reads midnight to 01:00 twice on that Sunday, that of Beirut skips it in spring.
    let ended = |statement: &str, from: &str, until: &str| {
        let app = Rocketry::builder().func("work", statement, || async {});
        let mut app = TestApp::start(app, from).expect("a statement");
        app.run_until(until);
        app.starts("work").last().expect("a start").to_string()
    };
    let azores = "every 10 minutes & time of week on Saturday in Atlantic/Azores";
    let last = ended(azores, "2026-10-24T12:00:00Z", "2026-10-25T06:00:00Z");
    assert_eq!(
        last, "2026-10-24T23:50:00.000000Z",
        "an hour ahead of UTC no longer, and not again"
    );
    let beirut = "every 10 minutes & time of week on Sunday in Asia/Beirut";
    let last = ended(beirut, "2026-03-29T12:00:00Z", "2026-03-30T06:00:00Z");
    assert_eq!(last, "2026-03-29T20:50:00.000000Z");
}

/// Row: an end of such a window
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

/// How many more starts the day of the repeat has than that of the gap, and whether one is in the gap.
fn hours_more(statement: &str) -> (usize, bool) {
    let spring = starts(statement, "2026-03-28T12:00:00Z", "2026-03-29");
    let autumn = starts(statement, "2026-10-24T12:00:00Z", "2026-10-25");
    // The last hours of the day are cut off alike.
    (
        autumn.len() - spring.len(),
        spring.contains(&"03:30+2".to_owned()),
    )
}

/// Row: `hourly`, `minutely`, `secondly`
#[test]
fn hours_and_what_is_shorter_occur_as_often_as_they_are_read() {
    assert_eq!(hours_more("hourly"), (2, false));
    assert_eq!(hours_more("hourly at 30:00"), (2, false));
    back(
        "hourly at 30:00 & time of day between 03:00 and 04:00",
        &["03:30+3", "03:30+2"],
    );
    assert_eq!(
        hours_more("minutely & time of hour between 30:00 and 31:00"),
        (2, false)
    );
    assert_eq!(
        hours_more("secondly & time of hour between 30:00 and 30:01"),
        (2, false)
    );
}

/// Row: `every` with a length alone, and from a moment on
#[test]
fn lengths_are_elapsed_time() {
    assert_eq!(hours_more("every 1 hour"), (2, false));
    assert_eq!(hours_more("every 1 hour from 2026-01-01 00:30"), (2, false));
    // A day later is 04:30 in spring and 02:30 in autumn.
    let found = starts("every 24 hours", "2026-03-28T01:30:00Z", "2026-03-29");
    assert_eq!(found, ["04:30+3"]);
    let found = starts("every 24 hours", "2026-10-24T00:30:00Z", "2026-10-25");
    assert_eq!(found, ["03:30+3"]);
}

/// Row: `every … from` a time
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

/// Row: `every 1 month`
#[test]
fn months_that_pass_end_at_the_end_of_a_gap_and_at_the_first_of_two_instants() {
    let found = starts("every 2 months", "2026-01-29T01:30:00Z", "2026-03-29");
    assert_eq!(found, ["04+3"]);
    let found = starts("every 2 months", "2026-08-25T00:30:00Z", "2026-10-25");
    assert_eq!(found, ["03:30+3"]);
}

/// Row: `on` days, `today`, `this week`
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

/// Row: `from`, `until`, `once at`
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

/// Row: `every 1 day from` a time
#[test]
fn one_step_a_day_is_a_window_of_the_day() {
    forward("every 1 day from 03:30", &["04+3"]);
    back("every 1 day from 03:30", &["03:30+3"]);
}

/// Row: `cron` with fixed times: neither the minute nor the hour is or covers `*`
#[test]
fn fixed_times_of_cron_run_once() {
    forward("cron 30 3 * * *", &["04+3"]);
    back("cron 30 3 * * *", &["03:30+3"]);
    forward("cron 15 3,12 * * *", &["04+3", "12:15+3"]);
    back("cron 15,45 3 * * *", &["03:15+3", "03:45+3"]);
}

/// Row: any other `cron`
#[test]
fn other_crons_follow_the_readings() {
    forward("cron */30 3 * * *", &[]);
    back("cron */30 3 * * *", &["03+3", "03:30+3", "03+2", "03:30+2"]);
    forward(
        "cron 30 * * * * & time of day between 02:00 and 05:00",
        &["02:30+2", "04:30+3"],
    );
}

/// Row: `crontime`
#[test]
fn times_of_cron_are_its_matches() {
    for fields in ["30 3 * * *", "15 3,12 * * *", "*/30 3 * * *", "30 * * * *"] {
        for (from, day) in [
            ("2026-03-28T12:00:00Z", "2026-03-29"),
            ("2026-10-24T12:00:00Z", "2026-10-25"),
        ] {
            let cron = starts(&format!("cron {fields}"), from, day);
            let time = starts(&format!("once per (crontime {fields})"), from, day);
            assert_eq!(cron, time, "{fields} on {day}");
        }
    }
}

/// Row: a delay after a task, `past`, an age, a backoff
#[test]
fn what_has_passed_is_elapsed_time() {
    let fetched = |statement: &str, from: &str, until: &str| {
        let config = Config {
            zone: "Europe/Helsinki".parse().expect("a zone"),
            ..Config::default()
        };
        let app = Rocketry::builder()
            .config(config)
            .func("fetch", "daily at 02:45", || async {})
            .func("work", statement, || async {});
        let mut app = TestApp::start(app, from).expect("a statement");
        app.run_until(until);
        let local = app
            .starts("work")
            .into_iter()
            .map(|at| at.to_utc().with_timezone(&Helsinki));
        local
            .map(|at| reading(&at.format("%H:%M %:z").to_string()))
            .collect::<Vec<_>>()
    };
    let spring = |statement| fetched(statement, "2026-03-28T22:30:00Z", "2026-03-29T03:00:00Z");
    let autumn = |statement| fetched(statement, "2026-10-24T21:30:00Z", "2026-10-25T03:00:00Z");
    let delay = "90 minutes after task 'fetch'";
    assert_eq!(spring(delay), ["05:15+3"]);
    assert_eq!(autumn(delay), ["03:15+2"]);
    let past = "every 15 minutes & task 'fetch' has succeeded in past 1 hour";
    assert_eq!(spring(past), ["02:45+2", "04+3", "04:15+3", "04:30+3"]);
    assert_eq!(autumn(past), ["02:45+3", "03+3", "03:15+3", "03:30+3"]);
}

/// Row: a part with a zone
#[test]
fn a_part_follows_the_clock_of_its_zone() {
    // It is 20:30 and 21:30 in New York, whose clock is not moved.
    forward("daily at 20:30 in America/New_York", &["02:30+2"]);
    back("daily at 03:30 in Asia/Kolkata", &["01+3"]);
    let found = starts(
        "daily at 03:30 in Europe/Berlin",
        "2026-10-24T12:00:00Z",
        "2026-10-25",
    );
    assert_eq!(
        found,
        ["04:30+2"],
        "an hour later, when the clock of Berlin is moved as well"
    );
}

/// The first cells of the table in the documentation are the rows that the tests name.
#[test]
fn each_row_of_the_table_has_a_test() {
    let documented: Vec<&str> = include_str!("../../src/cond/words/mod.rs")
        .lines()
        .skip_while(|line| !line.starts_with("//! | word | in a gap |"))
        .skip(2)
        .map_while(|line| line.strip_prefix("//! | ")?.split(" | ").next())
        .collect();
    let tested = include_str!("clocks.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("/// Row: "));
    let (mut documented, mut tested) = (documented, tested.collect::<Vec<_>>());
    documented.sort_unstable();
    tested.sort_unstable();
    assert_eq!(documented, tested);
}
