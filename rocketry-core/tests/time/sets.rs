//! Sets of periods, sliding windows, and the ends of time.

use rocketry_core::time::{Period, Span, Timestamp, Zone};
use rocketry_syntax::ast::{Age, Bound, Delta, PeriodExpr, Unit, Window};

use crate::support::{HOUR, MINUTE, clock, month, nth, occurrences, period, ts, weekday};

const DAY_2: &str = "2024-01-02T";

fn at(time: &str) -> Timestamp {
    ts(&format!("{DAY_2}{time}Z"))
}

fn daily(start: &str, end: &str) -> Period {
    period(Unit::Day, Window::Between(clock(start), clock(end)))
}

fn hourly(start: u64, end: u64) -> Period {
    period(
        Unit::Hour,
        Window::Between(Bound::Clock(start * MINUTE), Bound::Clock(end * MINUTE)),
    )
}

/// The occurrence at, before or after an instant, in hours.
fn hours(span: Option<Span>) -> Option<String> {
    let show = |at: Timestamp| at.to_string()[8..16].replace("02T", "").replace('T', " ");
    span.map(|span| format!("{}-{}", show(span.start), show(span.end)))
}

#[test]
fn all_is_where_the_members_overlap() {
    let all = Period::all([daily("08:00", "12:00"), daily("10:00", "18:00")]);
    assert_eq!(
        hours(all.span_at(at("11:00:00"), Zone::UTC)).as_deref(),
        Some("10:00-12:00")
    );
    assert_eq!(
        hours(all.span_after(at("09:00:00"), Zone::UTC)).as_deref(),
        Some("10:00-12:00")
    );
    assert_eq!(
        hours(all.span_before(at("20:00:00"), Zone::UTC)).as_deref(),
        Some("10:00-12:00")
    );
    assert_eq!(
        hours(all.span_before(at("09:00:00"), Zone::UTC)).as_deref(),
        Some("01 10:00-01 12:00")
    );
    assert_eq!(all.next_change(at("11:00:00"), Zone::UTC), Some(at("12:00:00")));
}

#[test]
fn members_that_seldom_meet_are_found() {
    let friday_13th = Period::all([
        period(Unit::Month, Window::On(nth(13))),
        period(Unit::Week, Window::On(weekday(4))),
        daily("10:00", "11:00"),
    ]);
    let found = occurrences(
        &friday_13th,
        ts("2026-01-01T00:00:00Z"),
        ts("2028-01-01T00:00:00Z"),
        Zone::UTC,
    );
    let starts: Vec<String> = found
        .iter()
        .map(|span| span.start.to_string()[..13].to_owned())
        .collect();
    assert_eq!(
        starts,
        ["2026-02-13T10", "2026-03-13T10", "2026-11-13T10", "2027-08-13T10"]
    );
}

#[test]
fn members_that_never_meet_are_given_up() {
    let never = Period::all([hourly(0, 10), hourly(30, 40)]);
    assert_eq!(never.span_after(at("00:00:00"), Zone::UTC), None);
    assert_eq!(never.span_before(at("00:00:00"), Zone::UTC), None);
    assert_eq!(never.next_change(at("00:00:00"), Zone::UTC), None);
    assert!(!never.contains(at("00:05:00"), Zone::UTC));
    let nested = Period::any([
        Period::all([Period::any([hourly(0, 10), hourly(1, 2)]), hourly(30, 40)]),
        never,
    ]);
    assert_eq!(nested.span_after(at("00:00:00"), Zone::UTC), None);
}

#[test]
fn any_joins_what_overlaps() {
    let any = Period::any([
        daily("08:00", "11:00"),
        daily("10:00", "12:00"),
        daily("11:30", "13:00"),
    ]);
    for time in ["08:30:00", "10:30:00", "12:59:00"] {
        assert_eq!(
            hours(any.span_at(at(time), Zone::UTC)).as_deref(),
            Some("08:00-13:00")
        );
    }
    assert_eq!(
        hours(any.span_after(at("07:00:00"), Zone::UTC)).as_deref(),
        Some("08:00-13:00")
    );
    assert_eq!(
        hours(any.span_before(at("14:00:00"), Zone::UTC)).as_deref(),
        Some("08:00-13:00")
    );
    assert_eq!(
        any.next_change(at("14:00:00"), Zone::UTC),
        Some(ts("2024-01-03T08:00:00Z"))
    );
}

#[test]
fn any_keeps_apart_what_touches() {
    let any = Period::any([daily("08:00", "10:00"), daily("10:00", "12:00")]);
    assert_eq!(
        hours(any.span_at(at("09:59:59"), Zone::UTC)).as_deref(),
        Some("08:00-10:00")
    );
    assert_eq!(
        hours(any.span_at(at("10:00:00"), Zone::UTC)).as_deref(),
        Some("10:00-12:00")
    );
}

#[test]
fn a_row_without_end_is_divided() {
    let any = Period::any([hourly(17, 0), hourly(28, 28)]);
    let span = any.span_at(at("08:33:00"), Zone::UTC);
    assert_eq!(hours(span).as_deref(), Some("08:17-09:28"));
    assert_eq!(any.span_before(at("08:33:00"), Zone::UTC), span);
    assert_eq!(any.span_after(at("08:33:00"), Zone::UTC), span);
    let end = Period::all([any, Period::Fixed(Span::new(at("00:00:00"), at("08:00:00")))]);
    assert_eq!(
        hours(end.span_at(at("07:30:00"), Zone::UTC)).as_deref(),
        Some("07:17-08:00")
    );
}

#[test]
fn a_long_row_has_an_end() {
    let weekend = period(Unit::Week, Window::Between(weekday(5), weekday(6)));
    let any = Period::any([
        Period::all([weekend, period(Unit::Hour, Window::Full)]),
        hourly(45, 15),
    ]);
    let saturday = ts("2024-01-06T12:00:00Z");
    let row = any.span_at(saturday, Zone::UTC).unwrap();
    assert_eq!(
        (row.start, row.end),
        (ts("2024-01-05T23:45:00Z"), ts("2024-01-08T00:15:00Z"))
    );
}

#[test]
fn constants_simplify_sets() {
    let day = daily("08:00", "10:00");
    assert_eq!(Period::all([Period::Always, day.clone()]), day);
    assert_eq!(Period::all([Period::Never, day.clone()]), Period::Never);
    assert_eq!(Period::any([Period::Never, day.clone()]), day);
    assert_eq!(Period::any([Period::Always, day.clone()]), Period::Always);
    assert_eq!(Period::all([]), Period::Always);
    assert_eq!(Period::any([]), Period::Never);
    let (a, b, c) = (day, daily("09:00", "11:00"), hourly(0, 5));
    let nested = Period::all([Period::all([a.clone(), b.clone()]), c.clone()]);
    assert_eq!(nested, Period::all([a.clone(), b.clone(), c.clone()]));
    assert_eq!(
        Period::any([Period::any([a.clone(), b.clone()]), c.clone()]),
        Period::any([a, b, c])
    );
}

#[test]
fn the_constants() {
    let now = at("00:00:00");
    assert_eq!(Period::compile(&PeriodExpr::Always), Ok(Period::Always));
    assert_eq!(Period::compile(&PeriodExpr::Never), Ok(Period::Never));
    assert_eq!(Period::Always.span_at(now, Zone::UTC), Some(Span::ALWAYS));
    assert!(Period::Always.contains(Timestamp::MAX, Zone::UTC));
    assert_eq!(Period::Always.next_change(now, Zone::UTC), None);
    assert_eq!(Period::Never.span_before(now, Zone::UTC), None);
    assert!(!Period::Never.contains(now, Zone::UTC));
    assert_eq!(Period::Never.next_change(now, Zone::UTC), None);
}

#[test]
fn a_fixed_span_occurs_once() {
    let span = Span::new(at("08:00:00"), at("10:00:00"));
    let fixed = Period::Fixed(span);
    assert_eq!(fixed.next_change(at("07:00:00"), Zone::UTC), Some(span.start));
    assert_eq!(fixed.next_change(at("08:00:00"), Zone::UTC), Some(span.end));
    assert_eq!(fixed.next_change(at("10:00:00"), Zone::UTC), None);
    assert_eq!(fixed.span_before(at("07:00:00"), Zone::UTC), None);
    assert_eq!(fixed.span_before(at("12:00:00"), Zone::UTC), Some(span));
    let open = Period::Fixed(Span::new(at("08:00:00"), Timestamp::MAX));
    assert_eq!(open.next_change(at("09:00:00"), Zone::UTC), None);
    let empty = Period::Fixed(Span::new(span.end, span.start));
    assert_eq!(empty.span_after(at("00:00:00"), Zone::UTC), None);
    assert_eq!(empty.span_before(at("23:00:00"), Zone::UTC), None);
}

#[test]
fn the_past_is_open_at_its_old_end() {
    let past = Period::compile(&PeriodExpr::Past(Delta(HOUR))).unwrap();
    let now = at("12:00:00");
    let window = past.span_at(now, Zone::UTC).unwrap();
    assert!(
        window.contains(now) && !window.contains(at("11:00:00")) && window.contains(at("11:00:00.000001"))
    );
    assert_eq!(past.span_before(now, Zone::UTC), Some(window));
    assert_eq!(past.span_after(now, Zone::UTC), Some(window));
    assert_eq!(past.next_change(now, Zone::UTC), None);
    assert!(past.contains(now, Zone::UTC) && past.is_sliding() && !Period::Always.is_sliding());
}

#[test]
fn a_delta_includes_both_ends() {
    let delta = Period::Delta {
        past: Delta(HOUR),
        future: Delta(2 * HOUR),
    };
    let now = at("12:00:00");
    let contains = |time| delta.contains_from(at(time), now, Zone::UTC);
    assert!(contains("11:00:00") && contains("14:00:00"));
    assert!(!contains("10:59:59.999999") && !contains("14:00:00.000001"));
}

#[test]
fn an_age_looks_back_and_ahead() {
    let age = Age {
        more_than: Some(Delta(HOUR)),
        less_than: Some(Delta(2 * HOUR)),
    };
    let (period, now) = (Period::Age(age), at("12:00:00"));
    let contains = |time| period.contains_from(at(time), now, Zone::UTC);
    assert!(contains("10:00:00") && contains("11:00:00") && contains("13:00:00") && contains("14:00:00"));
    assert!(!contains("12:00:00") && !contains("09:59:59") && !contains("14:00:01"));
    assert_eq!(
        hours(period.span_before(now, Zone::UTC)).as_deref(),
        Some("10:00-11:00")
    );
    assert_eq!(
        hours(period.span_after(now, Zone::UTC)).as_deref(),
        Some("13:00-14:00")
    );
    assert_eq!(period.span_at(now, Zone::UTC), None);
    assert_eq!(period.next_change(now, Zone::UTC), None);
    let ever = Period::Age(Age::default());
    assert_eq!(
        ever.span_after(now, Zone::UTC),
        Some(Span::new(now, Timestamp::MAX))
    );
    assert_eq!(
        ever.span_before(now, Zone::UTC).map(|span| span.start),
        Some(Timestamp::MIN)
    );
    assert!(ever.contains(now, Zone::UTC));
}

#[test]
fn sliding_windows_limit_what_they_are_joined_with() {
    let recent = Period::all([Period::Past(Delta(2 * HOUR)), daily("08:00", "18:00")]);
    assert_eq!(
        hours(recent.span_at(at("09:00:00"), Zone::UTC)).as_deref(),
        Some("08:00-09:00")
    );
    assert_eq!(
        hours(recent.span_before(at("22:00:00"), Zone::UTC)).as_deref(),
        Some("16:00-18:00")
    );
    assert_eq!(
        recent.next_change(at("09:00:00"), Zone::UTC),
        Some(at("18:00:00"))
    );
    assert!(recent.contains(at("09:00:00"), Zone::UTC) && !recent.contains(at("19:00:00"), Zone::UTC));
    assert!(recent.contains_from(at("09:00:00"), at("10:00:00"), Zone::UTC));
    assert!(!recent.contains_from(at("09:00:00"), at("12:00:00"), Zone::UTC));
    let either = Period::any([Period::Past(Delta(2 * HOUR)), daily("08:00", "18:00")]);
    assert!(either.contains_from(at("09:00:00"), at("23:00:00"), Zone::UTC));
    assert!(!either.contains_from(at("19:00:00"), at("23:00:00"), Zone::UTC));
    assert_eq!(either.next_change(at("09:00:00"), Zone::UTC), None);
    assert_eq!(
        hours(either.span_at(at("19:00:00"), Zone::UTC)).as_deref(),
        Some("08:00-19:00")
    );
}

#[test]
fn nothing_repeats_at_the_ends_of_time() {
    let periods = [
        daily("08:00", "10:00"),
        hourly(0, 10),
        period(Unit::Year, Window::On(month(2))),
        period(Unit::Month, Window::Full),
        crate::support::cron("0 0 * * *", None),
        Period::any([hourly(0, 10), daily("08:00", "10:00")]),
        Period::all([hourly(0, 10), daily("08:00", "10:00")]),
    ];
    let extremes = [
        i64::MIN,
        i64::MIN + 1,
        -(1 << 61),
        1 << 61,
        i64::MAX - 1,
        i64::MAX,
    ];
    for period in &periods {
        for zone in ["UTC", "Europe/Helsinki"].map(crate::support::zone) {
            for at in extremes.map(Timestamp::from_micros) {
                assert_eq!(period.span_at(at, zone), None);
                assert_eq!(period.span_before(at, zone), None);
                assert_eq!(period.span_after(at, zone), None);
                assert_eq!(period.next_change(at, zone), None);
            }
            // Far, but known.
            for at in [-(1_i64 << 60), (1 << 60) - 1].map(Timestamp::from_micros) {
                let _ = (period.span_before(at, zone), period.span_after(at, zone));
            }
        }
    }
}

#[test]
fn a_member_in_vain_takes_nothing_from_the_others() {
    let vain = || Period::all([hourly(0, 10), hourly(30, 40)]);
    let friday_13th = || {
        Period::all([
            period(Unit::Month, Window::On(nth(13))),
            period(Unit::Week, Window::On(weekday(4))),
        ])
    };
    let either = Period::any([vain(), friday_13th()]);
    let next = either.span_after(at("00:00:00"), Zone::UTC).unwrap();
    assert_eq!(next.start, ts("2024-09-13T00:00:00Z"));
    assert_eq!(either.next_change(at("00:00:00"), Zone::UTC), Some(next.start));
    let previous = either.span_before(at("00:00:00"), Zone::UTC).unwrap();
    assert_eq!(previous.start, ts("2023-10-13T00:00:00Z"));
}

#[test]
fn every_search_ends() {
    let endless = || Period::any((0..8).map(|minute| hourly(minute, minute)));
    let vain = || Period::all([hourly(0, 10), Period::any([hourly(30, 40), hourly(50, 55)])]);
    let nested = Period::all([
        Period::any([vain(), hourly(1, 2)]),
        Period::any([vain(), hourly(3, 4)]),
        endless(),
    ]);
    assert_eq!(nested.span_after(at("00:00:00"), Zone::UTC), None);
    assert_eq!(nested.span_before(at("00:00:00"), Zone::UTC), None);
    let found = Period::any([nested, Period::all([endless(), daily("08:00", "09:00")])]);
    assert_eq!(
        hours(found.span_after(at("00:00:00"), Zone::UTC)).as_deref(),
        Some("08:00-09:00")
    );
}
