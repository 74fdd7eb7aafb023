//! Windows as stretches of a cycle, and their intersections.

use std::ops::Range;

use super::clocks::covered;
use crate::ast::{Anchored, Bound, Day, Unit, Window};
use crate::bound::MONTH_DAYS;
use crate::duration::{DAY, HOUR, MINUTE, SECOND, WEEK};

const MONTH: u64 = 31 * DAY;
const YEAR: u64 = 366 * DAY;

/// Stretches of a cycle in microseconds, sorted and disjoint.
pub(super) type Ranges = Vec<Range<u64>>;

/// The readings that a window may cover, as stretches of its unit; `None` if that depends on the length of the month.
pub(super) fn of_window(anchored: &Anchored) -> Option<Ranges> {
    let whole = length(anchored.unit);
    // Hours and what is shorter are elapsed time.
    let stays = |window: &Range<u64>| anchored.unit < Unit::Day || *window == (0..whole);
    let cover = |window| if stays(&window) { window } else { covered(window) };
    Some(wrapped(windows(anchored)?.into_iter().map(cover), whole))
}

/// The readings that a window covers for certain.
pub(super) fn within_window(anchored: &Anchored) -> Option<Ranges> {
    Some(wrapped(windows(anchored)?.into_iter(), length(anchored.unit)))
}

/// The windows that start in a unit while the clock is not moved. They may end in the next one.
fn windows(anchored: &Anchored) -> Option<Ranges> {
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
        end if end < start => one(start..end + whole),
        end => one(start..end),
    })
}

/// The windows from several starts.
fn each(unit: Unit, starts: &[Bound]) -> Option<Ranges> {
    let mut all = Vec::new();
    for start in starts {
        let window = Window::On(start.clone());
        all.extend(windows(&Anchored { unit, window })?);
    }
    Some(all)
}

/// Stretches of a cycle, which wrap around at its end.
pub(super) fn wrapped(stretches: impl Iterator<Item = Range<u64>>, cycle: u64) -> Ranges {
    let stretches = stretches.flat_map(|stretch| {
        [
            stretch.start..stretch.end.min(cycle),
            0..stretch.end.saturating_sub(cycle),
        ]
    });
    merged(stretches.collect())
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

/// The common part of two sorted and disjoint sets of stretches.
pub(super) fn common(mut a: &[Range<u64>], mut b: &[Range<u64>]) -> Ranges {
    let mut found = Vec::new();
    while let ([first, ..], [other, ..]) = (a, b) {
        found.push(first.start.max(other.start)..first.end.min(other.end));
        if first.end < other.end {
            a = &a[1..];
        } else {
            b = &b[1..];
        }
    }
    merged(found)
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
