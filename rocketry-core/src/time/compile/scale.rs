//! Units whose length on the wall clock is always the same.

use rocketry_syntax::ast::{Bound, Unit, Window};

use super::invalid::{InvalidPeriod, Result};
use crate::time::calendar::{Calendar, Cycle, End, Place};
use crate::time::civil::DAY;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const WEEK: i64 = 7 * DAY;

/// A unit whose length on the wall clock is always the same, in microseconds.
pub(super) struct Scale {
    unit: Unit,
    pub(super) length: i64,
    sub_unit: i64,
}

impl Scale {
    /// Where a window starts, and its length. One that ends where it starts is the full cycle.
    pub(super) fn window(&self, window: &Window) -> Result<(i64, i64)> {
        let (start, end) = match window {
            Window::Full => (0, 0),
            Window::Between(start, end) => (self.start(start)?, self.end(end)?),
            Window::After(start) => (self.start(start)?, 0),
            Window::Before(end) => (0, self.end(end)?),
            Window::On(start) => (self.start(start)?, self.start(start)? + self.sub_unit),
            Window::Starting(start) => (self.start(start)?, self.start(start)?),
            Window::Each(_) => return Err(InvalidPeriod::several(window)),
        };
        let length = (end - start).rem_euclid(self.length);
        Ok((start, if length == 0 { self.length } else { length }))
    }

    pub(super) fn start(&self, bound: &Bound) -> Result<i64> {
        Ok(self.place(bound, 0)? % self.length)
    }

    pub(super) fn end(&self, bound: &Bound) -> Result<i64> {
        self.place(bound, DAY)
    }

    /// Microseconds since the start of the unit; `bare` is the time of a bare day.
    fn place(&self, bound: &Bound, bare: i64) -> Result<i64> {
        let micros = match *bound {
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

pub(super) fn time_of(time: Option<u64>, bare: i64) -> Option<i64> {
    let Some(time) = time else { return Some(bare) };
    i64::try_from(time).ok().filter(|time| *time <= DAY)
}

impl Scale {
    pub(super) const DAY: Self = Self {
        unit: Unit::Day,
        length: DAY,
        sub_unit: HOUR,
    };

    pub(super) const WEEK: Self = Self {
        unit: Unit::Week,
        length: WEEK,
        sub_unit: DAY,
    };

    /// The scale of a unit of elapsed time.
    pub(super) const fn elapsed(unit: Unit) -> Option<Self> {
        let (length, sub_unit) = match unit {
            Unit::Second => (SECOND, SECOND / 1_000),
            Unit::Minute => (MINUTE, SECOND),
            Unit::Hour => (HOUR, MINUTE),
            _ => return None,
        };
        Some(Self {
            unit,
            length,
            sub_unit,
        })
    }

    /// A window of a unit of the calendar.
    pub(super) fn regular(&self, cycle: Cycle, window: &Window) -> Result<Calendar> {
        let (start, length) = self.window(window)?;
        let end = if length == self.length {
            End::NextStart
        } else {
            End::Length(length)
        };
        Ok(Calendar::new(cycle, Place::Offset(start), end))
    }
}
