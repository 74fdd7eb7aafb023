//! Cron expressions against a watch that looks at every minute.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use rocketry_core::time::{Period, Timestamp, Zone};
use rocketry_syntax::ast::Delta;

use crate::support::{DAY, HOUR, MINUTE, SECOND, ZONES, cron, next_jump, occurrences, period, ts, zone};

type Matches = fn(NaiveDateTime) -> bool;

/// Patterns that follow the readings, and what they say in plain code.
const PATTERNS: [(&str, Matches); 6] = [
    ("* * * * *", |_| true),
    ("*/7 1-3 * * *", |at| {
        at.minute() % 7 == 0 && (1..=3).contains(&at.hour())
    }),
    ("30 * * * 1-5", |at| {
        at.minute() == 30 && at.weekday().number_from_monday() <= 5
    }),
    ("0-59 0,2 * 3,10 *", |at| {
        [0, 2].contains(&at.hour()) && [3, 10].contains(&at.month())
    }),
    ("20 */2 * * 6", |at| {
        at.minute() == 20 && at.hour() % 2 == 0 && at.weekday().number_from_monday() == 6
    }),
    ("0 * 1 * 0", |at| {
        at.minute() == 0 && (at.day() == 1 || at.weekday().number_from_monday() == 7)
    }),
];

/// Patterns of fixed times of day, and what they say in plain code.
const FIXED: [(&str, Matches); 5] = [
    ("30 2 * * *", |at| (at.hour(), at.minute()) == (2, 30)),
    ("0,30 0,2 * * *", |at| {
        at.minute() % 30 == 0 && [0, 2].contains(&at.hour())
    }),
    ("0-58/2 23-3 * * *", |at| {
        at.minute() % 2 == 0 && (at.hour() == 23 || at.hour() <= 3)
    }),
    ("5-50 0-22/2 * * Sun", |at| {
        (5..=50).contains(&at.minute()) && at.hour() % 2 == 0 && at.weekday().number_from_monday() == 7
    }),
    ("15 0-23/3 31,1 * +Sun-Mon", |at| {
        at.minute() == 15
            && at.hour() % 3 == 0
            && [1, 31].contains(&at.day())
            && [7, 1].contains(&at.weekday().number_from_monday())
    }),
];

/// Some days around every jump of a year.
fn days(zone: Zone) -> Vec<(Timestamp, Timestamp)> {
    let jumps = std::iter::successors(next_jump(ts("2024-01-01T00:00:00Z"), zone), |jump| {
        next_jump(*jump, zone)
    });
    let jumps = jumps.take_while(|jump| *jump < ts("2025-01-01T00:00:00Z"));
    let quiet = ts("2024-06-01T00:00:00Z");
    let around = Delta(36 * HOUR);
    let full = |at: Timestamp| Timestamp::from_micros(at.as_micros() / 86_400_000_000 * 86_400_000_000);
    jumps
        .chain([quiet])
        .map(|at| (full(at.saturating_sub(around)), full(at.saturating_add(around))))
        .collect()
}

#[test]
fn patterns_follow_the_readings_of_the_clock() {
    for zone in ZONES.map(zone) {
        for (from, until) in days(zone) {
            let minutes = std::iter::successors(Some(from), |at| Some(at.saturating_add(Delta(MINUTE))));
            let minutes: Vec<Timestamp> = minutes.take_while(|at| *at < until).collect();
            for (fields, matches) in PATTERNS {
                let spans = occurrences(&cron(fields, None), from, until, zone);
                let starts: Vec<Timestamp> = spans.iter().map(|span| span.start).collect();
                let seen = minutes.iter().copied().filter(|at| matches(zone.local(*at)));
                assert_eq!(starts, seen.collect::<Vec<_>>(), "{fields} in {zone}");
                assert_eq!(
                    backward(&cron(fields, None), from, until, zone),
                    starts,
                    "{fields} in {zone}"
                );
                assert!(
                    spans
                        .iter()
                        .all(|span| span.end == span.start.saturating_add(Delta(MINUTE)))
                );
            }
        }
    }
}

/// Each reading counts once: at its first instant, or at the end of the gap that skips it.
#[test]
fn fixed_times_of_day_come_once() {
    for zone in ZONES.map(zone) {
        for (from, until) in days(zone) {
            let day = TimeDelta::days(1);
            let readings = std::iter::successors(Some(zone.local(from) - day), |at| {
                Some(*at + TimeDelta::minutes(1))
            });
            let readings: Vec<NaiveDateTime> =
                readings.take_while(|at| *at < zone.local(until) + day).collect();
            for (fields, matches) in FIXED {
                let seen = readings
                    .iter()
                    .filter(|at| matches(**at))
                    .map(|at| zone.first(*at));
                let expected: BTreeSet<Timestamp> = seen.filter(|at| (from..until).contains(at)).collect();
                let expected: Vec<Timestamp> = expected.into_iter().collect();
                let period = cron(fields, None);
                let spans = occurrences(&period, from, until, zone);
                let starts: Vec<Timestamp> = spans.iter().map(|span| span.start).collect();
                assert_eq!(starts, expected, "{fields} in {zone}");
                assert_eq!(
                    backward(&period, from, until, zone),
                    expected,
                    "{fields} in {zone}"
                );
                for span in &spans {
                    let micros = [span.start.as_micros(), span.end.as_micros() - 1];
                    let seen = micros.map(|at| period.span_after(Timestamp::from_micros(at), zone));
                    assert_eq!(seen, [Some(*span); 2], "{fields} in {zone}");
                    let before = Timestamp::from_micros(span.start.as_micros() - 1);
                    let next = period.span_after(before, zone).expect("a next start");
                    assert!(next == *span || next.contains(before), "{fields} in {zone}");
                }
            }
        }
    }
}

/// The starts from `from` until before `until`, found from the last to the first.
fn backward(period: &Period, from: Timestamp, until: Timestamp, zone: Zone) -> Vec<Timestamp> {
    let before = |at: Timestamp| {
        let span = period.span_before(Timestamp::from_micros(at.as_micros() - 1), zone);
        span.map(|span| span.start)
    };
    let starts = std::iter::successors(before(until), |start| before(*start));
    let mut starts: Vec<Timestamp> = starts.take_while(|start| *start >= from).collect();
    starts.reverse();
    starts
}

/// A second field of 0 is what five fields mean.
#[test]
fn seconds_do_not_change_what_a_fixed_time_is() {
    for zone in ZONES.map(zone) {
        for (from, until) in days(zone) {
            for (fields, _) in PATTERNS.iter().chain(&FIXED) {
                let starts = |fields: &str| {
                    let spans = occurrences(&cron(fields, None), from, until, zone);
                    spans.iter().map(|span| span.start).collect::<Vec<_>>()
                };
                assert_eq!(
                    starts(&format!("0 {fields}")),
                    starts(fields),
                    "{fields} in {zone}"
                );
            }
        }
    }
}

/// Until 1937 the clock of Amsterdam was ahead by 19 minutes and 32 seconds, in summer by an hour more.
#[test]
fn occurrences_do_not_overlap_where_a_gap_ends_within_a_minute() {
    let (from, until) = (ts("1930-05-14T00:00:00Z"), ts("1930-05-16T00:00:00Z"));
    let spans = occurrences(
        &cron("0-58 2,3 * * *", None),
        from,
        until,
        zone("Europe/Amsterdam"),
    );
    assert!(spans.len() > 100, "{}", spans.len());
    assert!(
        spans.windows(2).all(|pair| pair[0].end <= pair[1].start),
        "{spans:?}"
    );
}

/// A pattern with one time of day does what the daily window at that time does.
#[test]
fn a_single_time_of_day_is_a_daily_window() {
    for zone in ZONES.map(zone) {
        let (from, until) = (ts("2024-01-01T00:00:00Z"), ts("2025-01-01T00:00:00Z"));
        for (fields, time) in [
            ("0 0 * * *", "00:00"),
            ("30 1 * * *", "01:30"),
            ("30 2 * * *", "02:30"),
        ] {
            let starts = |period: &Period| {
                occurrences(period, from, until, zone)
                    .iter()
                    .map(|span| span.start)
                    .collect::<Vec<_>>()
            };
            let window = rocketry_syntax::ast::Window::On(crate::support::clock(time));
            let daily = period(rocketry_syntax::ast::Unit::Day, window);
            assert_eq!(starts(&cron(fields, None)), starts(&daily), "{fields} in {zone}");
        }
    }
}

#[test]
fn seconds_match_for_a_second() {
    let spans = occurrences(
        &cron("*/20 5 12 * * *", None),
        ts("2024-01-01T00:00:00Z"),
        ts("2024-01-02T00:00:00Z"),
        Zone::UTC,
    );
    let starts: Vec<String> = spans
        .iter()
        .map(|span| span.start.to_string()[11..19].to_owned())
        .collect();
    assert_eq!(starts, ["12:05:00", "12:05:20", "12:05:40"]);
    assert!(
        spans
            .iter()
            .all(|span| span.end == span.start.saturating_add(Delta(SECOND)))
    );
}

#[test]
fn grace_keeps_a_match_open_until_the_next() {
    let open = |grace| {
        let at = ts("2024-01-01T07:00:00.5Z");
        let span = cron("0 7,8 * * *", Some(grace)).span_at(at, Zone::UTC);
        span.map(|span| span.end.to_string()[11..19].to_owned())
    };
    assert_eq!(open(30 * MINUTE).as_deref(), Some("07:30:00"));
    assert_eq!(open(2 * HOUR).as_deref(), Some("08:00:00"));
    assert_eq!(
        open(30 * SECOND).as_deref(),
        Some("07:00:30"),
        "a short grace closes within the minute"
    );
    assert_eq!(open(0), None);
    let missed = cron("0 7 * * *", Some(HOUR));
    assert!(missed.contains(ts("2024-01-01T07:59:59Z"), Zone::UTC));
    assert!(!missed.contains(ts("2024-01-01T08:00:00Z"), Zone::UTC));
    let always = cron("0 7 * * *", Some(7 * DAY));
    assert_eq!(
        always.next_change(ts("2024-01-01T09:00:00Z"), Zone::UTC),
        Some(ts("2024-01-02T07:00:00Z"))
    );
}

#[test]
fn the_last_day_and_the_last_weekday_go_together() {
    let (from, until) = (ts("2024-03-01T00:00:00Z"), ts("2024-07-01T00:00:00Z"));
    let spans = occurrences(&cron("0 0 LW,L * *", None), from, until, Zone::UTC);
    let days: Vec<String> = spans
        .iter()
        .map(|span| span.start.to_string()[5..10].to_owned())
        .collect();
    assert_eq!(days, ["03-29", "03-31", "04-30", "05-31", "06-28", "06-30"]);
}

#[test]
fn a_pattern_may_name_days_from_the_end_and_days_that_are_both() {
    let days = |fields, until| {
        let spans = occurrences(
            &cron(fields, None),
            ts("2027-01-01T00:00:00Z"),
            ts(until),
            Zone::UTC,
        );
        let days = spans.iter().map(|span| span.start.to_string()[..10].to_owned());
        days.collect::<Vec<_>>()
    };
    assert_eq!(
        days("0 12 1 * +MON", "2028-01-01T00:00:00Z"),
        ["2027-02-01", "2027-03-01", "2027-11-01"]
    );
    assert_eq!(
        days("0 0 L-3,L-1W * ?", "2027-03-01T00:00:00Z"),
        ["2027-01-28", "2027-01-29", "2027-02-25", "2027-02-26"]
    );
    assert_eq!(
        days("0 0 29 Feb +Mon#5", "2100-01-01T00:00:00Z"),
        ["2044-02-29", "2072-02-29"]
    );
}

#[test]
fn a_pattern_may_match_years_later() {
    let leap_monday = cron("0 0 29 2 *", None);
    let all = Period::all([leap_monday, cron("* * * * 1", None)]);
    let next = all.span_after(ts("2024-03-01T00:00:00Z"), Zone::UTC).unwrap();
    assert_eq!(next.start, ts("2044-02-29T00:00:00Z"));
}
