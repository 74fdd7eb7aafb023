//! Units that consist of months.

use std::sync::Arc;

use rocketry_syntax::ast::{Bound, Day, Unit, Window};

use super::days::pick;
use super::invalid::{Calendars, InvalidPeriod, Result};
use super::scale::time_of;
use crate::time::calendar::{Calendar, Cycle, End, Picked, Place};
use crate::time::civil::DAY;
use crate::time::pick::Pick;

/// The days of the months, in a leap year.
const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The most days that a quarter has.
const QUARTER_DAYS: u8 = 92;

/// A unit that consists of months.
pub(super) struct Months<'c> {
    pub(super) unit: Unit,
    pub(super) cycle: Cycle,
    /// How many months it has.
    pub(super) length: i32,
    pub(super) calendars: Calendars<'c>,
}

/// A place in a month, quarter or year, and where it comes in the order of places, if that is always the same.
type Ordered = (Option<i64>, Place);

impl Months<'_> {
    pub(super) fn dated(&self, window: &Window) -> Result<Calendar> {
        let first = date(0, Day::Nth(1), 0);
        let (start, end) = match window {
            Window::Full => (first.1, End::NextStart),
            Window::Between(start, end) => self.between(self.start(start)?, self.end(end)?),
            Window::Before(end) => self.between(first, self.end(end)?),
            Window::After(start) => (self.start(start)?.1, End::Unit),
            Window::Starting(start) => (self.start(start)?.1, End::NextStart),
            Window::On(start @ Bound::YearDay { day: None, .. }) => {
                self.between(self.start(start)?, self.end(start)?)
            }
            Window::On(start) => (self.start(start)?.1, End::Length(DAY)),
            Window::Each(_) => return Err(InvalidPeriod::several(window)),
        };
        Ok(Calendar::new(self.cycle, start, end))
    }

    /// Windows that end where they start are the full cycle, those that end before go on in the next unit.
    fn between(&self, start: Ordered, end: Ordered) -> (Place, End) {
        let end = match (end, start.0) {
            ((None, place), _) | ((_, place), None) => End::Following(place),
            ((Some(order), _), Some(start)) if order == start => End::NextStart,
            ((Some(order), Place::Date { month, day, time }), Some(start)) if order < start => {
                End::Place(Place::Date {
                    month: month + self.length,
                    day,
                    time,
                })
            }
            ((_, place), _) => End::Place(place),
        };
        (start.1, end)
    }

    fn start(&self, bound: &Bound) -> Result<Ordered> {
        self.place(bound, Day::Nth(1), 0)
    }

    fn end(&self, bound: &Bound) -> Result<Ordered> {
        self.place(bound, Day::Last, DAY)
    }

    /// The place of a bound; `bare_day` is the day of a bare month, `bare` the time of a bare day.
    fn place(&self, bound: &Bound, bare_day: Day, bare: i64) -> Result<Ordered> {
        let invalid = || InvalidPeriod::bound(bound, self.unit);
        match bound {
            Bound::MonthDay { day, time } if self.unit == Unit::Quarter => {
                let exists = matches!(day, Day::Last) || matches!(day, Day::Nth(1..=QUARTER_DAYS));
                let time = time_of(*time, bare).filter(|_| exists).ok_or_else(invalid)?;
                Ok(self.picked(None, Pick::Plain(*day), time))
            }
            Bound::Ruled(ruled) => {
                let fits = ruled.month.is_some() == (self.unit == Unit::Year);
                let month = ruled.month.is_none_or(|month| (1..=12).contains(&month));
                let time = time_of(ruled.time, bare)
                    .filter(|_| fits && month)
                    .ok_or_else(invalid)?;
                Ok(self.picked(ruled.month, pick(&ruled.day, self.calendars)?, time))
            }
            _ => {
                let (month, day, time) = self.parts(bound, bare)?;
                Ok(date(month, day.unwrap_or(bare_day), time))
            }
        }
    }

    /// A day that is picked out of a month of the unit, or out of the whole unit.
    fn picked(&self, month: Option<u8>, pick: Pick, time: i64) -> Ordered {
        let picked = Picked {
            month: month.map_or(0, |month| i64::from(month) - 1),
            months: if month.is_some() {
                1
            } else {
                i64::from(self.length)
            },
            pick,
            time,
        };
        (None, Place::Picked(Arc::new(picked)))
    }

    /// The month, the day and the time of day; `bare` is the time of a bare day.
    fn parts(&self, bound: &Bound, bare: i64) -> Result<(i32, Option<Day>, i64)> {
        let invalid = || InvalidPeriod::bound(bound, self.unit);
        let (month, day, time) = match *bound {
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
        Some((i64::from(month) * 31 + nth - 1) * DAY + time),
        Place::Date { month, day, time },
    )
}
