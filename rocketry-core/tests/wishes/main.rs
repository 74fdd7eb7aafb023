//! What people want to schedule, over a year on manual time in three zones. When each should start is worked out from
//! chrono alone, by dateutil's rrule, and by hand.

mod almanac;
mod clocks;
mod delays;
mod rrule;
mod words;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Rocketry, Timestamp, Zone};

use almanac::{YEAR, at, before, date, days, is_last, is_weekday, month_length};

/// The zones: one without changes of the clock, two with. `rrule` has a third.
const ZONES: [&str; 3] = ["UTC", "Europe/Helsinki", "America/New_York"];

/// The starts of a statement in the year. The app runs from a month before.
fn starts(statement: &str, zone: &str) -> Vec<DateTime<Utc>> {
    starts_with(statement, zone, |app| app)
}

/// The starts in an app that has more than the statement.
fn starts_with(statement: &str, zone: &str, with: impl Fn(Rocketry) -> Rocketry) -> Vec<DateTime<Utc>> {
    let app = Rocketry::builder()
        .config(Config {
            zone: zone.parse::<Zone>().expect("a zone"),
            ..Config::default()
        })
        .func("work", statement, || async {});
    let mut app = TestApp::start(with(app), "2025-12-01T00:00:00Z")
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    app.run_until("2027-01-02T00:00:00Z");
    let zone: Tz = zone.parse().expect("a zone");
    let in_year = |at: &DateTime<Utc>| at.with_timezone(&zone).year() == YEAR;
    let starts = app.starts("work").into_iter().map(Timestamp::to_utc);
    starts.filter(in_year).collect()
}

#[track_caller]
fn holds(statement: &str, expected: impl Fn(Tz) -> Vec<DateTime<Utc>>) {
    for zone in ZONES {
        let expected = expected(zone.parse().expect("a zone"));
        let found = starts(statement, zone);
        let differs = expected
            .iter()
            .zip(&found)
            .find(|(expected, found)| expected != found);
        assert!(
            differs.is_none() && expected.len() == found.len(),
            "{statement} in {zone}: {} starts and not {}; {differs:?}",
            found.len(),
            expected.len(),
        );
    }
}

/// The statement starts at these times on the days of the year that pass the test, in each zone.
#[track_caller]
fn holds_on(statement: &str, times: &[&str], test: impl Fn(NaiveDate) -> bool) {
    holds(statement, |zone| at(zone, &days(&test), times));
}

#[test]
fn several_times_or_days() {
    holds_on("daily at 06:00, 18:00", &["06:00:00", "18:00:00"], |_| true);
    // 02:30 and 03:30 are skipped once in New York and in Helsinki.
    holds_on(
        "daily at 00:15, 02:30, 03:30",
        &["00:15:00", "02:30:00", "03:30:00"],
        |_| true,
    );
    let days_of_week = [Weekday::Mon, Weekday::Wed, Weekday::Fri];
    holds_on("weekly on Mon, Wed, Fri 07:00", &["07:00:00"], |day| {
        days_of_week.contains(&day.weekday())
    });
    holds_on("daily at 09:30 on weekdays", &["09:30:00"], is_weekday);
    holds_on("daily on weekends", &["00:00:00"], |day| !is_weekday(day));
    holds_on("once per (time of week on weekends)", &["00:00:00"], |day| {
        !is_weekday(day)
    });
    holds("monthly on 1st, 15th 09:00, last day 17:00", |zone| {
        let mornings = at(zone, &days(|day| [1, 15].contains(&day.day())), &["09:00:00"]);
        let evenings = at(zone, &days(|day| day.day() == month_length(day)), &["17:00:00"]);
        let mut all = [mornings, evenings].concat();
        all.sort();
        all
    });
}

#[test]
fn one_date_a_start_and_an_end() {
    let noon = |zone| at(zone, &[date(7, 4)], &["12:00:00"]);
    holds("once at 2026-07-04 12:00", noon);
    holds("once on 2026-07-04", |zone| {
        at(zone, &[date(7, 4)], &["00:00:00"])
    });
    holds_on("daily at 12:00 & from 2026-11-28", &["12:00:00"], |day| {
        day >= date(11, 28)
    });
    holds_on(
        "daily at 10:00 & from 2026-11-28 & until 2026-12-01 09:00",
        &["10:00:00"],
        |day| day >= date(11, 28) && day < date(12, 1),
    );
    holds_on("daily at 10:00 & until 2026-03-05", &["10:00:00"], |day| {
        day <= date(3, 5)
    });
}

#[test]
fn so_many_runs() {
    holds_on(
        "daily at 08:00 & from 2026-02-10 & at most 10 runs",
        &["08:00:00"],
        |day| day >= date(2, 10) && day < date(2, 20),
    );
}

#[test]
fn every_so_many_weeks_and_months() {
    holds_on(
        "every 2 weeks on Friday 17:00 from 2026-01-02",
        &["17:00:00"],
        |day| day.weekday() == Weekday::Fri && (day - date(1, 2)).num_days() % 14 == 0,
    );
    // The 10th is a Saturday: the Friday of its week has gone by, and the next week does not count.
    holds_on(
        "every 2 weeks on Friday 17:00 from 2026-01-10",
        &["17:00:00"],
        |day| day >= date(1, 23) && day.weekday() == Weekday::Fri && (day - date(1, 23)).num_days() % 14 == 0,
    );
    holds_on(
        "every 3 weeks on Mon, Thu 06:00 from 2026-01-05",
        &["06:00:00"],
        |day| {
            let gone = (day - date(1, 5)).num_days();
            matches!(day.weekday(), Weekday::Mon | Weekday::Thu) && gone >= 0 && gone / 7 % 3 == 0
        },
    );
    holds_on("every 3 months on 1st 09:00", &["09:00:00"], |day| {
        day.day() == 1 && day.month() % 3 == 1
    });
    holds_on(
        "every 2 months on last day 09:00 from 2026-02-01",
        &["09:00:00"],
        |day| day.day() == month_length(day) && day.month() % 2 == 0,
    );
    holds_on("quarterly", &["00:00:00"], |day| {
        day.day() == 1 && day.month() % 3 == 1
    });
    holds_on("quarterly on last weekday 17:00", &["17:00:00"], |day| {
        day.month() % 3 == 0 && is_last(day, is_weekday)
    });
    holds_on("quarterly on 46th 09:00", &["09:00:00"], |day| {
        let first = NaiveDate::from_ymd_opt(YEAR, day.month0() / 3 * 3 + 1, 1).expect("a quarter");
        (day - first).num_days() == 45
    });
    holds_on("every 1 month from 2026-01-31 09:00", &["09:00:00"], |day| {
        day.day() == month_length(day)
    });
    holds_on("every 10 days from 2026-01-05 03:30", &["03:30:00"], |day| {
        day >= date(1, 5) && (day - date(1, 5)).num_days() % 10 == 0
    });
    holds_on(
        "every 3 days at 10:00 on weekdays from 2026-01-01",
        &["10:00:00"],
        |day| is_weekday(day) && (day - date(1, 1)).num_days() % 3 == 0,
    );
}

#[test]
fn a_grid_on_the_clock() {
    let steps = [
        "09:00:00", "10:30:00", "12:00:00", "13:30:00", "15:00:00", "16:30:00",
    ];
    holds_on("every 90 minutes from 09:00 until 17:00", &steps, |_| true);
    holds_on(
        "every 90 minutes from 09:00 until 17:00 on weekdays",
        &steps,
        is_weekday,
    );
    // Seven hours do not divide a day: the steps begin anew each day.
    holds_on(
        "every 7 hours from 08:15",
        &["05:15:00", "08:15:00", "15:15:00", "22:15:00"],
        |_| true,
    );
}

#[test]
fn one_step_a_day_is_made_each_day() {
    // 02:30 and 03:30 are skipped once in New York and in Helsinki.
    holds_on("every 24 hours from 02:30", &["02:30:00"], |_| true);
    holds_on("every 1 day from 03:30 on weekdays", &["03:30:00"], is_weekday);
}

#[test]
fn steps_on_the_clock_follow_its_readings() {
    // In New York 02:05 to 02:50 are skipped on the 8th of March, and 01:05 to 01:50 are read twice on the 1st of November.
    let of_day = |day: &str, from: u32, to: u32| {
        let statement = format!("every 15 minutes from 00:05 & on {day}");
        let zone: Tz = "America/New_York".parse().expect("a zone");
        let local = starts(&statement, "America/New_York")
            .into_iter()
            .map(move |at| at.with_timezone(&zone));
        let hours = local.filter(|at| (from..to).contains(&chrono::Timelike::hour(at)));
        hours.map(|at| at.format("%H:%M").to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        of_day("2026-03-08", 1, 4),
        [
            "01:05", "01:20", "01:35", "01:50", "03:05", "03:20", "03:35", "03:50"
        ]
    );
    let hour = ["01:05", "01:20", "01:35", "01:50"];
    assert_eq!(of_day("2026-11-01", 1, 2), [hour, hour].concat());
}

#[test]
fn the_nth_weekday_and_days_counted_from_the_end() {
    holds_on("monthly on first Monday 09:00", &["09:00:00"], |day| {
        day.weekday() == Weekday::Mon && day.day() <= 7
    });
    holds_on("monthly on last Friday 17:00", &["17:00:00"], |day| {
        day.weekday() == Weekday::Fri && day.day() + 7 > month_length(day)
    });
    holds_on("monthly on fifth Friday 17:00", &["17:00:00"], |day| {
        day.weekday() == Weekday::Fri && day.day() > 28
    });
    holds_on("monthly on last weekday 18:00", &["18:00:00"], |day| {
        is_last(day, is_weekday)
    });
    holds_on("monthly on 3rd last day 12:00", &["12:00:00"], |day| {
        day.day() + 2 == month_length(day)
    });
    holds_on(
        "monthly on 2 days after second Tuesday 08:00",
        &["08:00:00"],
        |day| {
            let tuesday = before(day, 2);
            tuesday.weekday() == Weekday::Tue && (8..15).contains(&tuesday.day())
        },
    );
    holds_on(
        "monthly on 15th or next weekday 10:00",
        &["10:00:00"],
        |day| match day.day() {
            15 => is_weekday(day),
            16 | 17 => day.weekday() == Weekday::Mon,
            _ => false,
        },
    );
    holds_on(
        "yearly on fourth Thursday of November 10:00",
        &["10:00:00"],
        |day| day.month() == 11 && day.weekday() == Weekday::Thu && (22..29).contains(&day.day()),
    );
    holds_on(
        "daily at 10:00 on first Monday, December 24th",
        &["10:00:00"],
        |day| (day.weekday() == Weekday::Mon && day.day() <= 7) || day == date(12, 24),
    );
}

#[test]
fn a_month_that_lacks_the_day_has_no_start() {
    holds_on("monthly on 31st 05:30", &["05:30:00"], |day| day.day() == 31);
    holds_on("monthly between 30th and 2nd", &["00:00:00"], |day| {
        day.day() == 30
    });
    holds_on("monthly starting 30th", &["00:00:00"], |day| day.day() == 30);
}

#[test]
fn a_part_of_a_statement_may_have_its_own_zone() {
    let new_york: Tz = "America/New_York".parse().expect("a zone");
    holds("daily at 09:30 on weekdays in America/New_York", |_| {
        at(new_york, &days(is_weekday), &["09:30:00"])
    });
    // While the day has begun in New York as well.
    holds(
        "cron 0 12 * * * in America/New_York & from 2026-01-02 in America/New_York",
        |_| at(new_york, &days(|day| day >= date(1, 2)), &["12:00:00"]),
    );
}
