//! Windows as stretches of a cycle, and their intersections.

use std::ops::Range;

use crate::ast::{Anchored, Bound, Day, Moment, Unit, Window};
use crate::bound::MONTH_DAYS;
use crate::duration::{DAY, HOUR, MINUTE, SECOND, WEEK};

const MONTH: u64 = 31 * DAY;
const YEAR: u64 = 366 * DAY;

/// Stretches of a cycle in microseconds, sorted and disjoint.
pub(super) type Ranges = Vec<Range<u64>>;

/// The window as stretches of its unit; `None` if that depends on the length of the month.
pub(super) fn of_window(anchored: &Anchored) -> Option<Ranges> {
    let Anchored { unit, window } = anchored;
    let whole = length(*unit);
    let (start, end) = match window {
        Window::Full | Window::Starting(_) => (0, whole),
        Window::After(bound) => (start(bound)?, whole),
        Window::Before(bound) => (0, end(bound)?),
        Window::Between(first, last) => (start(first)?, end(last)?),
        Window::On(bound) => (start(bound)?, start(bound)? + sub_unit(*unit, bound)),
        Window::Each(starts) => return each(*unit, starts),
    };
    Some(match if end > whole { end - whole } else { end } {
        end if end == start => one(0..whole),
        end if end < start => merged(vec![0..end, start..whole]),
        end => one(start..end),
    })
}

/// The windows from several starts as stretches of their unit.
fn each(unit: Unit, starts: &[Bound]) -> Option<Ranges> {
    let mut all = Vec::new();
    for start in starts {
        let window = Window::On(start.clone());
        all.extend(of_window(&Anchored { unit, window })?);
    }
    Some(merged(all))
}

pub(super) const fn length(unit: Unit) -> u64 {
    match unit {
        Unit::Second => SECOND,
        Unit::Minute => MINUTE,
        Unit::Hour => HOUR,
        Unit::Day => DAY,
        Unit::Week => WEEK,
        Unit::Month => MONTH,
        Unit::Quarter => 3 * MONTH,
        Unit::Year => YEAR,
    }
}

/// The start of a window that starts at the bound.
fn start(bound: &Bound) -> Option<u64> {
    Some(match bound {
        Bound::Clock(micros) => *micros,
        Bound::Weekday { day, time } => u64::from(*day) * DAY + time.unwrap_or(0),
        Bound::MonthDay { day, time } => day_of_month(*day)? * DAY + time.unwrap_or(0),
        Bound::YearDay { month, day, time } => {
            let day = day.map_or(Some(0), day_of_month)?;
            (days_before(*month) + day) * DAY + time.unwrap_or(0)
        }
        Bound::Ruled(_) => return None,
    })
}

/// The end of a window that ends at the bound, including a bare day or month.
fn end(bound: &Bound) -> Option<u64> {
    let bare = match bound {
        Bound::YearDay { month, day: None, .. } => month_length(*month),
        Bound::Weekday { time: None, .. }
        | Bound::MonthDay { time: None, .. }
        | Bound::YearDay { time: None, .. } => DAY,
        _ => 0,
    };
    Some(start(bound)? + bare)
}

/// The length of `on`.
fn sub_unit(unit: Unit, bound: &Bound) -> u64 {
    match (unit, bound) {
        (Unit::Second, _) => SECOND / 1_000,
        (Unit::Minute, _) => SECOND,
        (Unit::Hour, _) => MINUTE,
        (Unit::Day, _) => HOUR,
        (_, Bound::YearDay { month, day: None, .. }) => month_length(*month),
        _ => DAY,
    }
}

/// The days before a day that every month has.
fn day_of_month(day: Day) -> Option<u64> {
    match day {
        Day::Nth(day @ 1..=27) => Some(u64::from(day) - 1),
        Day::Nth(_) | Day::Last => None,
    }
}

pub(super) fn days_before(month: u8) -> u64 {
    let before = &MONTH_DAYS[..usize::from(month) - 1];
    before.iter().map(|&days| u64::from(days)).sum()
}

pub(super) fn month_length(month: u8) -> u64 {
    u64::from(MONTH_DAYS[usize::from(month) - 1]) * DAY
}

pub(super) fn one(range: Range<u64>) -> Ranges {
    std::iter::once(range).collect()
}

/// The stretches of a day on each day of a week.
pub(super) fn every_day(ranges: &[Range<u64>]) -> Ranges {
    let days = (0..7).map(|day| day * DAY);
    let moved = days.flat_map(|day| ranges.iter().map(move |range| range.start + day..range.end + day));
    merged(moved.collect())
}

/// Sorts the stretches and merges adjacent ones.
pub(super) fn merged(mut ranges: Ranges) -> Ranges {
    ranges.sort_by_key(|range| range.start);
    let mut apart: Ranges = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

pub(super) fn common(a: &[Range<u64>], b: &[Range<u64>]) -> Ranges {
    let pairs = a
        .iter()
        .flat_map(|a| b.iter().map(move |b| a.start.max(b.start)..a.end.min(b.end)));
    merged(pairs.collect())
}

pub(super) fn complement(ranges: &[Range<u64>], length: u64) -> Ranges {
    let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
    let ends = ranges.iter().map(|range| range.start).chain([length]);
    merged(starts.zip(ends).map(|(start, end)| start..end).collect())
}

/// The weekday with this number (0 is Monday) as a stretch of a week.
pub(super) fn weekday(day: u8) -> Range<u64> {
    let start = u64::from(day) * DAY;
    start..start + DAY
}

/// The times of a year in which moments may be; `None` if that is any time.
pub(super) fn times_of_year(moments: &[Range<u64>]) -> Option<Ranges> {
    let mut all = Vec::new();
    for range in moments {
        // A clock may skip the end of a day, so a day more on each side is not certain.
        let (start, end) = (range.start.saturating_sub(DAY), range.end.saturating_add(DAY));
        if end - start >= 12 * MONTH - DAY {
            return None;
        }
        match (time_of_year(start), time_of_year(end)) {
            (start, end) if start < end => all.push(start..end),
            (start, end) => all.extend([0..end, start..YEAR]),
        }
    }
    Some(merged(all))
}

/// The time of a year at a moment, of which the last days of a short month are the end.
fn time_of_year(moment: u64) -> u64 {
    let month = u8::try_from(moment / MONTH % 12 + 1).expect("a year has twelve months");
    days_before(month) * DAY + (moment % MONTH).min(month_length(month))
}

/// A moment on a scale on which every month has 31 days, which preserves the order of moments.
pub(super) fn moment(moment: &Moment) -> u64 {
    let date = moment.date;
    let months = u64::from(date.year) * 12 + u64::from(date.month) - 1;
    (months * 31 + u64::from(date.day) - 1) * DAY + moment.time.unwrap_or(0)
}
