//! Cron expressions against a watch that looks at every minute.

mod time_support;

use chrono::{Datelike, NaiveDateTime, Timelike};
use rocketry_core::time::{Period, Timestamp, Zone};
use rocketry_syntax::ast::Delta;

use time_support::{
    DAY, HOUR, MINUTE, SECOND, ZONES, cron, cron_tree, next_jump, occurrences, period, ts, zone,
};

type Matches = fn(NaiveDateTime) -> bool;

/// Patterns that follow the readings, and what they say in plain code.
const PATTERNS: [(&str, Matches); 5] = [
    ("* * * * *", |_| true),
    ("*/7 1-3 * * *", |at| {
        at.minute() % 7 == 0 && (1..=3).contains(&at.hour())
    }),
    ("30 * * * 1-5", |at| {
        at.minute() == 30 && at.weekday().number_from_monday() <= 5
    }),
    ("0,30 0,2 * 3,10 *", |at| {
        at.minute() % 30 == 0 && [0, 2].contains(&at.hour()) && [3, 10].contains(&at.month())
    }),
    ("0 * 1 * 0", |at| {
        at.minute() == 0 && (at.day() == 1 || at.weekday().number_from_monday() == 7)
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
                assert!(
                    spans
                        .iter()
                        .all(|span| span.end == span.start.saturating_add(Delta(MINUTE)))
                );
            }
        }
    }
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
            let window = rocketry_syntax::ast::Window::On(time_support::clock(time));
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
fn a_pattern_that_no_date_matches_is_never() {
    assert_eq!(Period::compile(&cron_tree("0 0 31 2 *", None)), Ok(Period::Never));
    assert_ne!(Period::compile(&cron_tree("0 0 29 2 1", None)), Ok(Period::Never));
}

#[test]
fn a_pattern_may_match_years_later() {
    let leap_monday = cron("0 0 29 2 *", None);
    let all = Period::all([leap_monday, cron("* * * * 1", None)]);
    let next = all.span_after(ts("2024-03-01T00:00:00Z"), Zone::UTC).unwrap();
    assert_eq!(next.start, ts("2044-02-29T00:00:00Z"));
}
