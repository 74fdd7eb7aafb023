//! When a condition may be true.

use std::ops::Range;

use super::cron;
use crate::ast::{Anchored, Bound, CondExpr, Day, PeriodExpr, Unit, Window};
use crate::bound::MONTH_DAYS;
use crate::duration::{DAY, HOUR, MINUTE, SECOND, WEEK};

const MONTH: u64 = 31 * DAY;
const YEAR: u64 = 366 * DAY;

/// The times in each cycle at which a condition may be true; `None` is any time.
///
/// Days are kept as parts of weeks. What a shorter month lacks is not certain, and is any time.
#[derive(Clone, Default)]
pub(super) struct Times {
    second: Option<Ranges>,
    minute: Option<Ranges>,
    hour: Option<Ranges>,
    week: Option<Ranges>,
    month: Option<Ranges>,
    year: Option<Ranges>,
}

/// Stretches of a cycle in microseconds, ordered and apart.
pub(super) type Ranges = Vec<Range<u64>>;

impl Times {
    pub(super) fn of<C>(condition: &CondExpr<C>) -> Self {
        match condition {
            CondExpr::Once(once) => Self::of_period(&once.period),
            CondExpr::TimeOf(period) => Self::of_period(period),
            CondExpr::Not(inner) => match &**inner {
                CondExpr::TimeOf(PeriodExpr::Anchored(anchored)) => Self::beside(anchored),
                _ => Self::default(),
            },
            CondExpr::All(members) => members.iter().map(Self::of).fold(Self::default(), Self::and),
            CondExpr::Any(members) => members.iter().map(Self::of).reduce(Self::or).unwrap_or_default(),
            _ => Self::default(),
        }
    }

    fn of_period(period: &PeriodExpr) -> Self {
        match period {
            PeriodExpr::Anchored(anchored) => Self::only(anchored.unit, ranges(anchored)),
            PeriodExpr::All(members) => members
                .iter()
                .map(Self::of_period)
                .fold(Self::default(), Self::and),
            PeriodExpr::Any(members) => members
                .iter()
                .map(Self::of_period)
                .reduce(Self::or)
                .unwrap_or_default(),
            PeriodExpr::Cron(cron) => Self {
                week: cron::of_week(cron),
                month: cron::of_month(cron),
                year: cron::of_year(cron),
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    /// All times but those of the window, in a cycle that is always equally long.
    fn beside(anchored: &Anchored) -> Self {
        let inside = ranges(anchored).filter(|_| anchored.unit.micros().is_some());
        Self::only(
            anchored.unit,
            inside.map(|inside| complement(&inside, length(anchored.unit))),
        )
    }

    fn only(unit: Unit, ranges: Option<Ranges>) -> Self {
        let mut times = Self::default();
        match unit {
            Unit::Second => times.second = ranges,
            Unit::Minute => times.minute = ranges,
            Unit::Hour => times.hour = ranges,
            Unit::Day => times.week = ranges.map(|ranges| every_day(&ranges)),
            Unit::Week => times.week = ranges,
            Unit::Month => times.month = ranges,
            Unit::Quarter => {}
            Unit::Year => times.year = ranges,
        }
        times
    }

    /// When both may be true.
    pub(super) fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| match (a, b) {
            (Some(a), Some(b)) => Some(common(&a, &b)),
            (one, other) => one.or(other),
        })
    }

    /// When either may be true.
    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| Some(merged(a?.into_iter().chain(b?).collect())))
    }

    fn zip(self, other: Self, join: impl Fn(Option<Ranges>, Option<Ranges>) -> Option<Ranges>) -> Self {
        Self {
            second: join(self.second, other.second),
            minute: join(self.minute, other.minute),
            hour: join(self.hour, other.hour),
            week: join(self.week, other.week),
            month: join(self.month, other.month),
            year: join(self.year, other.year),
        }
    }

    /// Whether nothing is known.
    pub(super) fn is_any(&self) -> bool {
        self.cycles().into_iter().all(Option::is_none)
    }

    /// Whether no time is left in some cycle.
    pub(super) fn is_never(&self) -> bool {
        self.cycles().into_iter().flatten().any(Vec::is_empty)
    }

    fn cycles(&self) -> [&Option<Ranges>; 6] {
        [
            &self.second,
            &self.minute,
            &self.hour,
            &self.week,
            &self.month,
            &self.year,
        ]
    }
}

/// The window as stretches of its unit; `None` if that depends on the length of the month.
fn ranges(anchored: &Anchored) -> Option<Ranges> {
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
        all.extend(ranges(&Anchored { unit, window })?);
    }
    Some(merged(all))
}

const fn length(unit: Unit) -> u64 {
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

/// Where a window starts that starts at the bound.
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

/// Where a window ends that ends at the bound. A bare day or month belongs to it.
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

/// How long `on` lasts.
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

fn one(range: Range<u64>) -> Ranges {
    std::iter::once(range).collect()
}

/// The stretches of a day on each day of a week.
fn every_day(ranges: &[Range<u64>]) -> Ranges {
    let days = (0..7).map(|day| day * DAY);
    let moved = days.flat_map(|day| ranges.iter().map(move |range| range.start + day..range.end + day));
    merged(moved.collect())
}

/// The stretches in order, with those that meet made one.
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

fn common(a: &[Range<u64>], b: &[Range<u64>]) -> Ranges {
    let pairs = a
        .iter()
        .flat_map(|a| b.iter().map(move |b| a.start.max(b.start)..a.end.min(b.end)));
    merged(pairs.collect())
}

fn complement(ranges: &[Range<u64>], length: u64) -> Ranges {
    let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
    let ends = ranges.iter().map(|range| range.start).chain([length]);
    merged(starts.zip(ends).map(|(start, end)| start..end).collect())
}
