//! What periods make of a clock that is moved, case by case.

use rocketry_core::time::Period;
use rocketry_syntax::ast::Unit::{Day, Hour, Minute, Month, Week};
use rocketry_syntax::ast::Window::{After, Before, Between, Full, On, Starting};
use rocketry_syntax::ast::{Bound, Day as MonthDay, Unit, Window};

use crate::support::{HOUR, MINUTE, clock, cron, nth, occurrences, period, reading, ts, weekday, zone};

/// The occurrences that start on some days of UTC, as the clock of the zone reads at both ends.
fn shown(period: &Period, place: &str, from: &str, until: &str) -> Vec<String> {
    let zone = zone(place);
    let at = |day: &str| ts(&format!("{day}T00:00:00Z"));
    let spans = occurrences(period, at(from), at(until), zone);
    let hours = |text: String| text[5..16].to_owned() + &text[19..];
    spans
        .into_iter()
        .map(|span| {
            format!(
                "{} .. {}",
                hours(reading(span.start, zone)),
                hours(reading(span.end, zone))
            )
        })
        .collect()
}

#[track_caller]
fn check(unit: Unit, window: Window, place: &str, days: [&str; 2], expected: &[&str]) {
    assert_eq!(shown(&period(unit, window), place, days[0], days[1]), expected);
}

/// In Helsinki the clock jumps from 03:00 to 04:00.
const SPRING: [&str; 2] = ["2024-03-31", "2024-04-01"];
/// In Helsinki the clock goes back from 04:00 to 03:00.
const AUTUMN: [&str; 2] = ["2024-10-27", "2024-10-28"];

#[test]
fn a_start_in_a_gap_moves_and_the_window_keeps_its_length() {
    let helsinki = |window, expected: &str| check(Day, window, "Europe/Helsinki", SPRING, &[expected]);
    helsinki(On(clock("03:30")), "03-31 04:00 +03:00 .. 03-31 05:00 +03:00");
    helsinki(
        Between(clock("03:15"), clock("03:45")),
        "03-31 04:00 +03:00 .. 03-31 04:30 +03:00",
    );
    helsinki(
        Between(clock("03:30"), clock("04:30")),
        "03-31 04:00 +03:00 .. 03-31 05:00 +03:00",
    );
}

#[test]
fn an_end_in_a_gap_moves_alone() {
    let expected = [
        "03-31 02:30 +02:00 .. 03-31 04:00 +03:00",
        "04-01 02:30 +03:00 .. 04-01 03:30 +03:00",
    ];
    check(
        Day,
        Between(clock("02:30"), clock("03:30")),
        "Europe/Helsinki",
        SPRING,
        &expected,
    );
}

#[test]
fn the_end_of_the_unit_does_not_move_with_the_start() {
    let helsinki = |window, expected: &str| check(Day, window, "Europe/Helsinki", SPRING, &[expected]);
    helsinki(After(clock("03:30")), "03-31 04:00 +03:00 .. 04-01 00:00 +03:00");
    helsinki(
        Starting(clock("03:30")),
        "03-31 04:00 +03:00 .. 04-01 03:30 +03:00",
    );
    helsinki(
        Between(clock("03:30"), Bound::Clock(24 * HOUR)),
        "03-31 04:00 +03:00 .. 04-01 00:00 +03:00",
    );
}

#[test]
fn a_moved_window_stops_where_the_next_one_starts() {
    let window = Between(clock("03:30"), clock("03:20"));
    let expected = [
        "03-31 04:00 +03:00 .. 04-01 03:30 +03:00",
        "04-01 03:30 +03:00 .. 04-02 03:20 +03:00",
    ];
    check(
        Day,
        window,
        "Europe/Helsinki",
        ["2024-03-31", "2024-04-02"],
        &expected,
    );
}

#[test]
fn a_repeated_reading_starts_at_the_first_and_ends_at_the_last() {
    let helsinki = |window, expected: &str| check(Day, window, "Europe/Helsinki", AUTUMN, &[expected]);
    helsinki(On(clock("03:30")), "10-27 03:30 +03:00 .. 10-27 04:30 +02:00");
    helsinki(
        Between(clock("03:15"), clock("03:45")),
        "10-27 03:15 +03:00 .. 10-27 03:45 +02:00",
    );
    helsinki(After(clock("03:30")), "10-27 03:30 +03:00 .. 10-28 00:00 +02:00");
}

#[test]
fn a_repeated_end_stops_where_the_next_window_starts() {
    let window = Between(clock("03:45"), clock("03:30"));
    let expected = [
        "10-26 03:45 +03:00 .. 10-27 03:45 +03:00",
        "10-27 03:45 +03:00 .. 10-28 03:30 +02:00",
    ];
    check(
        Day,
        window,
        "Europe/Helsinki",
        ["2024-10-26", "2024-10-28"],
        &expected,
    );
    let window = Starting(clock("03:45"));
    let expected = [
        "10-26 03:45 +03:00 .. 10-27 03:45 +03:00",
        "10-27 03:45 +03:00 .. 10-28 03:45 +02:00",
    ];
    check(
        Day,
        window,
        "Europe/Helsinki",
        ["2024-10-26", "2024-10-28"],
        &expected,
    );
}

#[test]
fn a_day_has_23_or_25_hours() {
    let helsinki = zone("Europe/Helsinki");
    let hourly = period(Hour, Full);
    let hours_of = |noon: &str| {
        let day = period(Day, Full).span_at(ts(noon), helsinki).unwrap();
        occurrences(&hourly, day.start, day.end, helsinki).len()
    };
    assert_eq!(hours_of("2024-03-31T12:00:00Z"), 23);
    assert_eq!(hours_of("2024-10-27T12:00:00Z"), 25);
    let hours = shown(&hourly, "Europe/Helsinki", "2024-10-27", "2024-10-28");
    assert_eq!(hours[0], "10-27 03:00 +03:00 .. 10-27 03:00 +02:00");
    assert_eq!(hours[1], "10-27 03:00 +02:00 .. 10-27 04:00 +02:00");
}

#[test]
fn a_window_over_the_full_hour_goes_through_a_whole_hour_of_change() {
    let window = Between(Bound::Clock(45 * MINUTE), Bound::Clock(15 * MINUTE));
    let spans = shown(
        &period(Hour, window),
        "Europe/Helsinki",
        "2024-10-27",
        "2024-10-28",
    );
    assert_eq!(spans[0], "10-27 03:45 +03:00 .. 10-27 03:15 +02:00");
    assert_eq!(spans[1], "10-27 03:45 +02:00 .. 10-27 04:15 +02:00");
}

#[test]
fn half_an_hour_of_change_cuts_the_hour() {
    // 02:00 +11:00 becomes 01:30 +10:30.
    let howe = |window, from: &str, until: &str| {
        let zone = zone("Australia/Lord_Howe");
        let spans = occurrences(&period(Hour, window), ts(from), ts(until), zone);
        let show = |at| reading(at, zone)[11..16].to_owned();
        spans
            .iter()
            .map(|span| format!("{}-{}", show(span.start), show(span.end)))
            .collect::<Vec<_>>()
    };
    let back = ["2024-04-06T13:59:00Z", "2024-04-06T16:30:00Z"];
    assert_eq!(
        howe(Full, back[0], back[1]),
        ["01:00-01:30", "01:30-02:00", "02:00-03:00"]
    );
    let quarter = || Bound::Clock(15 * MINUTE);
    assert_eq!(
        howe(After(quarter()), back[0], back[1]),
        ["01:15-01:30", "01:30-02:00", "02:15-03:00"]
    );
    assert_eq!(
        howe(Before(quarter()), back[0], back[1]),
        ["01:00-01:15", "02:00-02:15"]
    );
    // 02:00 +10:30 becomes 02:30 +11:00.
    let forth = ["2024-10-05T14:29:00Z", "2024-10-05T17:00:00Z"];
    assert_eq!(
        howe(Full, forth[0], forth[1]),
        ["01:00-02:30", "02:30-03:00", "03:00-04:00"]
    );
    assert_eq!(
        howe(On(quarter()), forth[0], forth[1]),
        ["01:15-01:16", "03:15-03:16"]
    );
}

#[test]
fn hours_follow_the_wall_clock_of_a_zone_of_half_hours() {
    let hours = shown(&period(Hour, Full), "Asia/Kolkata", "2024-01-01", "2024-01-02");
    assert_eq!(hours[0], "01-01 06:00 +05:30 .. 01-01 07:00 +05:30");
    let minutes = shown(&period(Minute, Full), "Asia/Kolkata", "2024-01-01", "2024-01-02");
    assert_eq!(minutes.len(), 24 * 60);
}

#[test]
fn a_day_without_midnight_starts_later() {
    let expected = [
        "03-09 00:00 -05:00 .. 03-10 01:00 -04:00",
        "03-10 01:00 -04:00 .. 03-11 00:00 -04:00",
    ];
    check(
        Day,
        Full,
        "America/Havana",
        ["2024-03-09", "2024-03-11"],
        &expected,
    );
    let expected = ["03-10 01:00 -04:00 .. 03-10 02:00 -04:00"];
    check(
        Day,
        On(clock("00:00")),
        "America/Havana",
        ["2024-03-10", "2024-03-11"],
        &expected,
    );
}

#[test]
fn a_day_with_two_midnights_starts_at_the_first() {
    let expected = [
        "11-02 00:00 -04:00 .. 11-03 00:00 -04:00",
        "11-03 00:00 -04:00 .. 11-04 00:00 -05:00",
    ];
    check(
        Day,
        Full,
        "America/Havana",
        ["2024-11-02", "2024-11-04"],
        &expected,
    );
    // The clock goes back from 00:01 to 23:01 of the day before.
    let expected = [
        "11-06 00:00 -02:30 .. 11-07 00:00 -02:30",
        "11-07 00:00 -02:30 .. 11-08 00:00 -03:30",
    ];
    check(
        Day,
        Full,
        "America/St_Johns",
        ["2010-11-06", "2010-11-08"],
        &expected,
    );
    let in_between = ts("2010-11-07T03:00:00Z");
    let today = period(Day, Full)
        .span_at(in_between, zone("America/St_Johns"))
        .unwrap();
    assert_eq!(
        reading(in_between, zone("America/St_Johns")),
        "2010-11-06 23:30:00 -03:30"
    );
    assert_eq!(
        reading(today.start, zone("America/St_Johns")),
        "2010-11-07 00:00:00 -02:30"
    );
}

#[test]
fn a_day_that_is_left_out_does_not_occur() {
    // There was no 30 December 2011.
    let days = ["2011-12-29", "2011-12-31"];
    let expected = [
        "12-29 00:00 -10:00 .. 12-31 00:00 +14:00",
        "12-31 00:00 +14:00 .. 01-01 00:00 +14:00",
    ];
    check(Day, Full, "Pacific/Apia", days, &expected);
    let expected = [
        "12-29 10:00 -10:00 .. 12-29 11:00 -10:00",
        "12-31 10:00 +14:00 .. 12-31 11:00 +14:00",
    ];
    check(Day, On(clock("10:00")), "Pacific/Apia", days, &expected);
}

#[test]
fn a_weekday_that_is_left_out_moves_to_the_next() {
    let friday = ["12-31 00:00 +14:00 .. 01-01 00:00 +14:00"];
    check(
        Week,
        On(weekday(4)),
        "Pacific/Apia",
        ["2011-12-29", "2012-01-01"],
        &friday,
    );
    check(
        Month,
        On(nth(30)),
        "Pacific/Apia",
        ["2011-12-29", "2012-01-01"],
        &friday,
    );
}

#[test]
fn a_window_that_is_empty_in_a_short_month_stays_so_in_a_repeat() {
    // In Cairo the clock went back from the end of 30 September to 23:00.
    let time = Some(23 * HOUR + 30 * MINUTE);
    let on = |day| Bound::MonthDay { day, time };
    let window = Between(on(MonthDay::Nth(30)), on(MonthDay::Last));
    let expected = [
        "08-30 23:30 +02:00 .. 08-31 23:30 +02:00",
        "10-30 23:30 +02:00 .. 10-31 23:30 +02:00",
    ];
    check(
        Month,
        window,
        "Africa/Cairo",
        ["2010-08-15", "2010-11-15"],
        &expected,
    );
}

#[test]
fn a_cron_with_one_time_of_day_runs_once_on_every_day() {
    let half_past = |place, from, until| {
        let spans = shown(&cron("30 3 * * *", None), place, from, until);
        spans.iter().map(|span| span[..18].to_owned()).collect::<Vec<_>>()
    };
    let spring = half_past("Europe/Helsinki", "2024-03-30", "2024-04-02");
    assert_eq!(
        spring,
        ["03-30 03:30 +02:00", "03-31 04:00 +03:00", "04-01 03:30 +03:00"]
    );
    let autumn = half_past("Europe/Helsinki", "2024-10-26", "2024-10-29");
    assert_eq!(
        autumn,
        ["10-26 03:30 +03:00", "10-27 03:30 +03:00", "10-28 03:30 +02:00"]
    );
}

#[test]
fn a_cron_with_several_times_of_day_runs_once_at_each() {
    let starts = |fields, place, from, until| {
        let spans = shown(&cron(fields, None), place, from, until);
        spans.iter().map(|span| span[..18].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        starts("0 2,14 * * *", "America/New_York", "2026-03-08", "2026-03-09"),
        ["03-08 03:00 -04:00", "03-08 14:00 -04:00"]
    );
    assert_eq!(
        starts("4 2-23/24 * * *", "America/New_York", "2026-03-08", "2026-03-09"),
        ["03-08 03:00 -04:00"]
    );
    assert_eq!(
        starts("0 1,13 * * *", "America/New_York", "2026-11-01", "2026-11-02"),
        ["11-01 01:00 -04:00", "11-01 13:00 -05:00"]
    );
    // Lord Howe Island moves its clock by half an hour. What the gap skips, and what its end matches, is one start.
    assert_eq!(
        starts(
            "0-30/15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03",
            "2026-10-04"
        ),
        ["10-04 02:30 +11:00"]
    );
    assert_eq!(
        starts(
            "0-45/15 1 * * *",
            "Australia/Lord_Howe",
            "2026-04-04",
            "2026-04-05"
        ),
        [
            "04-05 01:00 +11:00",
            "04-05 01:15 +11:00",
            "04-05 01:30 +11:00",
            "04-05 01:45 +11:00"
        ]
    );
    // There is no midnight.
    assert_eq!(
        starts("0 23,0 * * *", "America/Santiago", "2026-09-05", "2026-09-07"),
        [
            "09-04 23:00 -04:00",
            "09-05 00:00 -04:00",
            "09-05 23:00 -04:00",
            "09-06 01:00 -03:00",
        ]
    );
}

#[test]
fn a_cron_with_one_time_of_day_skips_a_day_that_is_left_out() {
    // There was no 30 December 2011.
    for fields in ["0 10 * * *", "0 23 * * *", "0 0 * * *"] {
        let spans = shown(&cron(fields, None), "Pacific/Apia", "2011-12-28", "2012-01-02");
        let days: Vec<&str> = spans.iter().map(|span| &span[..5]).collect();
        assert!(
            days.windows(2).any(|days| days == ["12-29", "12-31"]),
            "{fields}: {days:?}"
        );
        assert!(
            days.windows(2).all(|days| days[0] != days[1]),
            "{fields}: {days:?}"
        );
    }
    assert_eq!(
        shown(
            &cron("0 10 30 12 *", None),
            "Pacific/Apia",
            "2011-12-01",
            "2012-12-01"
        ),
        [] as [&str; 0]
    );
}

#[test]
fn a_cron_in_a_gap_before_midnight_runs_at_its_end() {
    // The clock is put forward from 23:00 to midnight.
    let starts = |fields| {
        let spans = shown(&cron(fields, None), "America/Nuuk", "2024-03-30", "2024-04-02");
        spans.iter().map(|span| span[..18].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        starts("30 23 * * *"),
        ["03-29 23:30 -02:00", "03-31 00:00 -01:00", "03-31 23:30 -01:00"]
    );
    assert_eq!(starts("30 23 * * Sat"), ["03-31 00:00 -01:00"]);
    assert_eq!(starts("30 23 * * Sun"), ["03-31 23:30 -01:00"]);
}

#[test]
fn a_cron_that_recurs_follows_the_readings() {
    let spans = shown(
        &cron("*/30 3 * * *", None),
        "Europe/Helsinki",
        "2024-03-31",
        "2024-04-01",
    );
    assert_eq!(spans, [] as [&str; 0], "there is no such hour");
    let spans = shown(
        &cron("*/30 3 * * *", None),
        "Europe/Helsinki",
        "2024-10-27",
        "2024-10-28",
    );
    let starts: Vec<&str> = spans.iter().map(|span| &span[6..18]).collect();
    assert_eq!(
        starts,
        ["03:00 +03:00", "03:30 +03:00", "03:00 +02:00", "03:30 +02:00"]
    );
}

/// In the Azores midnight to 01:00 is repeated, in Beirut it is skipped.
#[test]
fn a_day_ends_when_midnight_first_comes() {
    let saturday = period(Week, On(weekday(5)));
    assert_eq!(
        shown(&saturday, "Atlantic/Azores", "2024-10-26", "2024-10-28"),
        ["10-26 00:00 +00:00 .. 10-27 00:00 +00:00"]
    );
    let sunday = period(Week, On(weekday(6)));
    assert_eq!(
        shown(&sunday, "Asia/Beirut", "2024-03-30", "2024-04-02"),
        ["03-31 01:00 +03:00 .. 04-01 00:00 +03:00"]
    );
    assert_eq!(
        shown(
            &period(Month, On(nth(26))),
            "Atlantic/Azores",
            "2024-10-25",
            "2024-10-28"
        ),
        ["10-26 00:00 +00:00 .. 10-27 00:00 +00:00"]
    );
}
