//! From the tree of a period to the period.

use std::error::Error;
use std::fmt;

use rocketry_syntax::ast::{Anchored, Bound, Day, PeriodExpr, Unit, Window};

use super::calendar::{Calendar, Cycle, End, Place};
use super::civil::DAY;
use super::cron::Cron;
use super::elapsed::Elapsed;
use super::period::Period;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const WEEK: i64 = 7 * DAY;

/// The days of the months, in a leap year.
const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A tree that is no period. The parser never builds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPeriod(String);

impl fmt::Display for InvalidPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for InvalidPeriod {}

impl InvalidPeriod {
    fn bound(bound: Bound, unit: Unit) -> Self {
        Self(format!("{bound:?} is no place in {unit:?}"))
    }
}

type Result<T> = std::result::Result<T, InvalidPeriod>;

pub(super) fn period(expr: &PeriodExpr) -> Result<Period> {
    Ok(match expr {
        PeriodExpr::Always => Period::Always,
        PeriodExpr::Never => Period::Never,
        PeriodExpr::Anchored(anchored) => window(anchored)?,
        PeriodExpr::Past(delta) => Period::Past(*delta),
        PeriodExpr::Cron(cron) => Period::Cron(Cron::new(cron)),
        PeriodExpr::All(members) => Period::all(periods(members)?),
        PeriodExpr::Any(members) => Period::any(periods(members)?),
    })
}

fn periods(members: &[PeriodExpr]) -> Result<Vec<Period>> {
    members.iter().map(period).collect()
}

fn window(anchored: &Anchored) -> Result<Period> {
    let window = &anchored.window;
    Ok(match anchored.unit {
        Unit::Second => elapsed(
            &Scale {
                unit: Unit::Second,
                length: SECOND,
                sub_unit: SECOND / 1_000,
            },
            window,
        )?,
        Unit::Minute => elapsed(
            &Scale {
                unit: Unit::Minute,
                length: MINUTE,
                sub_unit: SECOND,
            },
            window,
        )?,
        Unit::Hour => elapsed(
            &Scale {
                unit: Unit::Hour,
                length: HOUR,
                sub_unit: MINUTE,
            },
            window,
        )?,
        Unit::Day => regular(
            Cycle::Day,
            &Scale {
                unit: Unit::Day,
                length: DAY,
                sub_unit: HOUR,
            },
            window,
        )?,
        Unit::Week => regular(
            Cycle::Week,
            &Scale {
                unit: Unit::Week,
                length: WEEK,
                sub_unit: DAY,
            },
            window,
        )?,
        Unit::Month => dated(
            &Dates {
                unit: Unit::Month,
                cycle: Cycle::Month,
                months: 1,
            },
            window,
        )?,
        Unit::Year => dated(
            &Dates {
                unit: Unit::Year,
                cycle: Cycle::Year,
                months: 12,
            },
            window,
        )?,
    })
}

fn elapsed(scale: &Scale, window: &Window) -> Result<Period> {
    let (start, length) = scale.window(window)?;
    Ok(Period::Elapsed(Elapsed::new(scale.length, start, length)))
}

fn regular(cycle: Cycle, scale: &Scale, window: &Window) -> Result<Period> {
    let (start, length) = scale.window(window)?;
    let end = if length == scale.length {
        End::NextStart
    } else {
        End::Length(length)
    };
    Ok(Period::Calendar(Calendar::new(cycle, Place::Offset(start), end)))
}

/// A unit whose length on the wall clock is always the same, in microseconds.
struct Scale {
    unit: Unit,
    length: i64,
    sub_unit: i64,
}

impl Scale {
    /// Where a window starts, and its length. One that ends where it starts is the full cycle.
    fn window(&self, window: &Window) -> Result<(i64, i64)> {
        let (start, end) = match *window {
            Window::Full => (0, 0),
            Window::Between(start, end) => (self.start(start)?, self.end(end)?),
            Window::After(start) => (self.start(start)?, 0),
            Window::Before(end) => (0, self.end(end)?),
            Window::On(start) => (self.start(start)?, self.start(start)? + self.sub_unit),
            Window::Starting(start) => (self.start(start)?, self.start(start)?),
        };
        let length = (end - start).rem_euclid(self.length);
        Ok((start, if length == 0 { self.length } else { length }))
    }

    fn start(&self, bound: Bound) -> Result<i64> {
        Ok(self.place(bound, 0)? % self.length)
    }

    fn end(&self, bound: Bound) -> Result<i64> {
        self.place(bound, DAY)
    }

    /// Microseconds since the start of the unit; `bare` is the time of a bare day.
    fn place(&self, bound: Bound, bare: i64) -> Result<i64> {
        let micros = match bound {
            Bound::Clock(micros) if self.unit <= Unit::Day => micros.try_into().ok(),
            Bound::Weekday { day, time } if self.unit == Unit::Week && day < 7 => {
                time_of(time, bare).map(|time| i64::from(day) * DAY + time)
            }
            _ => None,
        };
        micros
            .filter(|micros| *micros <= self.length)
            .ok_or_else(|| InvalidPeriod::bound(bound, self.unit))
    }
}

fn time_of(time: Option<u64>, bare: i64) -> Option<i64> {
    let Some(time) = time else { return Some(bare) };
    i64::try_from(time).ok().filter(|time| *time <= DAY)
}

/// A unit that consists of months.
struct Dates {
    unit: Unit,
    cycle: Cycle,
    months: i32,
}

/// A place in a month or year, and where it comes in the order of places.
type Ordered = (i64, Place);

fn dated(dates: &Dates, window: &Window) -> Result<Period> {
    let first = date(0, Day::Nth(1), 0);
    let (start, end) = match *window {
        Window::Full => (first.1, End::NextStart),
        Window::Between(start, end) => dates.between(dates.start(start)?, dates.end(end)?),
        Window::Before(end) => dates.between(first, dates.end(end)?),
        Window::After(start) => (dates.start(start)?.1, End::Unit),
        Window::Starting(start) => (dates.start(start)?.1, End::NextStart),
        Window::On(start @ Bound::YearDay { day: None, .. }) => {
            dates.between(dates.start(start)?, dates.end(start)?)
        }
        Window::On(start) => (dates.start(start)?.1, End::Length(DAY)),
    };
    Ok(Period::Calendar(Calendar::new(dates.cycle, start, end)))
}

impl Dates {
    /// Windows that end where they start are the full cycle, those that end before go on in the next unit.
    fn between(&self, start: Ordered, end: Ordered) -> (Place, End) {
        let end = match end {
            (order, _) if order == start.0 => End::NextStart,
            (order, Place::Date { month, day, time }) if order < start.0 => End::Place(Place::Date {
                month: month + self.months,
                day,
                time,
            }),
            (_, place) => End::Place(place),
        };
        (start.1, end)
    }

    fn start(&self, bound: Bound) -> Result<Ordered> {
        let (month, day, time) = self.parts(bound, 0)?;
        Ok(date(month, day.unwrap_or(Day::Nth(1)), time))
    }

    fn end(&self, bound: Bound) -> Result<Ordered> {
        let (month, day, time) = self.parts(bound, DAY)?;
        Ok(date(month, day.unwrap_or(Day::Last), time))
    }

    /// The month, the day and the time of day; `bare` is the time of a bare day.
    fn parts(&self, bound: Bound, bare: i64) -> Result<(i32, Option<Day>, i64)> {
        let invalid = || InvalidPeriod::bound(bound, self.unit);
        let (month, day, time) = match bound {
            Bound::MonthDay { day, time } if self.unit == Unit::Month => (1, Some(day), time),
            Bound::YearDay { month, day, time } if self.unit == Unit::Year => (month, day, time),
            _ => return Err(invalid()),
        };
        let days = MONTH_DAYS
            .get(usize::from(month).wrapping_sub(1))
            .ok_or_else(invalid)?;
        let exists = match day {
            Some(Day::Nth(nth)) => (1..=*days).contains(&nth),
            Some(Day::Last) => true,
            None => time.is_none(),
        };
        let time = time_of(time, bare).filter(|_| exists).ok_or_else(invalid)?;
        Ok((i32::from(month) - 1, day, time))
    }
}

fn date(month: i32, day: Day, time: i64) -> Ordered {
    let nth = match day {
        Day::Nth(nth) => i64::from(nth),
        Day::Last => 31,
    };
    (
        (i64::from(month) * 31 + nth - 1) * DAY + time,
        Place::Date { month, day, time },
    )
}
