//! Every day of whole years, held against a plain calculation with the calendar.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rocketry_core::time::{Period, Span, Timestamp, Zone};
use rocketry_syntax::ast::{Delta, Unit, Window};

use crate::support::{DAY, HOUR, MINUTE, ZONES, clock, next_jump, nth, occurrences, period, weekday, zone};

/// The first five are the ones a user may meet; all are tested.
const PLACES: [&str; 16] = ZONES;
const YEARS: [i32; 2] = [2023, 2024];

fn day_windows() -> Vec<(Window, u64, u64)> {
    let between = |start: &str, end: &str, from, until| {
        (
            Window::Between(clock(start), clock(end)),
            from * MINUTE,
            until * MINUTE,
        )
    };
    vec![
        (Window::Full, 0, DAY),
        (Window::On(clock("00:00")), 0, HOUR),
        (Window::On(clock("01:30")), 90 * MINUTE, 150 * MINUTE),
        (Window::On(clock("02:30")), 150 * MINUTE, 210 * MINUTE),
        (Window::On(clock("23:30")), 1_410 * MINUTE, 1_470 * MINUTE),
        (Window::After(clock("02:15")), 135 * MINUTE, DAY),
        (Window::Before(clock("02:15")), 0, 135 * MINUTE),
        between("02:30", "03:30", 150, 210),
        between("08:00", "18:00", 480, 1_080),
        between("22:00", "06:00", 1_320, 1_800),
    ]
}

fn dates(year: i32) -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    first
        .iter_days()
        .take_while(move |date| *date < NaiveDate::from_ymd_opt(year + 1, 1, 1).unwrap())
}

fn reading(date: NaiveDate, micros: u64) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + TimeDelta::microseconds(micros.cast_signed())
}

/// The window of a day by the rules: a start in a gap takes the end along, save the end of the day.
fn expected(date: NaiveDate, from: u64, until: u64, zone: Zone) -> Span {
    let start = zone.first(reading(date, from));
    if until == DAY {
        return Span::new(start, zone.first(reading(date + Days::new(1), 0)));
    }
    let shift = zone.local(start) - reading(date, from);
    Span::new(
        start,
        zone.last(reading(date, until) + shift.max(TimeDelta::zero())),
    )
}

fn year(year: i32, zone: Zone) -> (Timestamp, Timestamp) {
    let start = |year| zone.first(reading(NaiveDate::from_ymd_opt(year, 1, 1).unwrap(), 0));
    (start(year), start(year + 1))
}

#[test]
fn a_daily_window_occurs_exactly_once_on_every_day() {
    for (place, calendar) in PLACES
        .into_iter()
        .flat_map(|place| YEARS.map(|year| (zone(place), year)))
    {
        let (start, end) = year(calendar, place);
        for (window, from, until) in day_windows() {
            let spans = occurrences(&period(Unit::Day, window.clone()), start, end, place);
            let expected: Vec<Span> = dates(calendar)
                .map(|date| expected(date, from, until, place))
                .collect();
            assert_eq!(spans, expected, "{window:?} in {place}");
        }
    }
}

#[test]
fn a_cycle_from_any_time_of_day_leaves_no_gap() {
    for place in PLACES.map(zone) {
        let (start, end) = year(2024, place);
        for time in ["00:00", "00:30", "01:30", "02:30", "12:00", "23:30"] {
            let daily = period(Unit::Day, Window::Starting(clock(time)));
            let spans = occurrences(&daily, start, end, place);
            assert_eq!(spans.len(), 366, "{time} in {place}");
            assert!(
                spans.windows(2).all(|pair| pair[0].end == pair[1].start),
                "{time} in {place}"
            );
        }
    }
}

#[test]
fn weeks_and_months_occur_once_each() {
    for place in PLACES.map(zone) {
        let (start, end) = year(2024, place);
        let count = |unit, window| occurrences(&period(unit, window), start, end, place).len();
        assert_eq!(count(Unit::Month, Window::Full), 12);
        assert_eq!(count(Unit::Month, Window::On(nth(10))), 12);
        assert_eq!(count(Unit::Month, Window::On(nth(30))), 11);
        assert_eq!(count(Unit::Month, Window::On(nth(31))), 7);
        assert_eq!(count(Unit::Month, Window::On(crate::support::LAST)), 12);
        assert_eq!(count(Unit::Week, Window::On(weekday(6))), 52);
        assert_eq!(
            count(Unit::Week, Window::Full),
            53,
            "2024 starts and ends in a week that has a Monday in it"
        );
        assert_eq!(count(Unit::Year, Window::Full), 1);
    }
}

/// Instants in steps of a minute around the jumps of a year, and of an hour in between.
fn instants(year_start: Timestamp, year_end: Timestamp, zone: Zone) -> impl Iterator<Item = Timestamp> {
    let near = move |at: Timestamp| {
        next_jump(at.saturating_sub(Delta(2 * DAY)), zone)
            .is_some_and(|jump| jump < at.saturating_add(Delta(DAY)))
    };
    let mut dense = false;
    std::iter::successors(Some((year_start, 0_u64)), move |(at, index)| {
        // Whether the clock is moved soon is looked up once a day or so.
        if index % 24 == 0 {
            dense = near(*at);
        }
        let step = if dense { 7 * MINUTE } else { HOUR };
        Some((at.saturating_add(Delta(step)), index + 1))
    })
    .map(|(at, _)| at)
    .take_while(move |at| *at < year_end)
}

/// What `next_change` announces is what a watch would see: between two changes nothing changes, and each
/// change is one.
fn watch(period: &Period, zone: Zone) {
    let (start, end) = year(2024, zone);
    let mut known = period.span_at(start, zone);
    let mut change = period.next_change(start, zone).unwrap();
    for at in instants(start, end, zone) {
        while change <= at {
            known = period.span_at(change, zone);
            assert_ne!(
                known,
                period.span_at(change.saturating_sub(Delta(1)), zone),
                "no change at {change}"
            );
            change = period.next_change(change, zone).unwrap();
        }
        assert_eq!(period.span_at(at, zone), known, "{period:?} in {zone} at {at}");
        assert_eq!(
            period.next_change(at, zone),
            Some(change),
            "{period:?} in {zone} at {at}"
        );
    }
}

#[test]
fn the_next_change_is_the_next_change() {
    let hours = [
        Window::Full,
        Window::Between(clock("00:45"), clock("00:15")),
        Window::On(clock("00:20")),
    ];
    for zone in PLACES[..5].iter().map(|name| zone(name)) {
        for (window, ..) in day_windows() {
            watch(&period(Unit::Day, window), zone);
        }
        for window in hours.clone() {
            watch(&period(Unit::Hour, window), zone);
        }
    }
}

/// The offset around an instant is taken from three look-ups, which is right as long as no clock is moved
/// there and back within six days.
#[test]
fn no_clock_is_moved_there_and_back_within_a_week() {
    for zone in chrono_tz::TZ_VARIANTS.iter().map(|tz| zone(tz.name())) {
        let mut at = Timestamp::from_micros(0);
        let mut previous: Option<Timestamp> = None;
        while let Some(jump) =
            next_jump(at, zone).filter(|jump| *jump < crate::support::ts("2038-01-01T00:00:00Z"))
        {
            if let Some(previous) = previous {
                let before = crate::support::offset(previous.saturating_sub(Delta(1)), zone);
                let returns = before == crate::support::offset(jump, zone);
                let week = jump.since(previous).as_micros() < 7 * u128::from(DAY);
                assert!(!(returns && week), "{zone} at {jump}");
            }
            previous = Some(jump);
            at = jump;
        }
    }
}
