//! Bounds of windows, from text and from numbers.

mod calendar;
mod clock;
mod date;
mod list;
mod rule;

use std::fmt;
use std::ops::Range;

use crate::ast::{Bound, Day, Unit};
use crate::cursor::Cursor;
use crate::duration::{DAY, HOUR, MINUTE, SECOND};
use crate::error::{Result, SyntaxError, SyntaxErrorKind};

pub(crate) use calendar::{MONTH_DAYS, MONTHS, WEEKDAYS, ending};
pub(crate) use clock::{is_time_at, time_of_day};
pub(crate) use date::{is_date, moment};
pub use list::parse_days;
pub(crate) use list::{days, starts};

/// A bound before validation against its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BoundValue<'t> {
    /// As in a statement: `"10:00"`, `"Mon 10:00"`, `"3rd"`, `"Feb 15th 10:00"`, `"last day"`.
    Text(&'t str),
    /// A sub-unit by its number: a millisecond, second, minute or hour from 0; a weekday (Monday is 1),
    /// day or month from 1. As an end, it includes the whole sub-unit.
    Integer(i64),
    /// Milliseconds of a second or seconds of a minute; exact.
    Float(f64),
    /// Microseconds since the start of the second, minute, hour or day; exact.
    Micros(u64),
}

/// Displayed as the user wrote it.
impl fmt::Display for BoundValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Micros(micros) => write!(f, "{micros} us"),
        }
    }
}

impl<'t> From<&'t str> for BoundValue<'t> {
    fn from(text: &'t str) -> Self {
        Self::Text(text)
    }
}

impl<'t> From<&'t String> for BoundValue<'t> {
    fn from(text: &'t String) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for BoundValue<'_> {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for BoundValue<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for BoundValue<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for BoundValue<'_> {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

/// The side of a window that a bound is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Start,
    End,
}

impl Bound {
    /// Creates the bound as the start of a window of `unit`.
    ///
    /// ```
    /// use rocketry_syntax::ast::{Bound, Unit};
    ///
    /// assert_eq!(Bound::start(Unit::Day, "1:30 pm")?, Bound::start(Unit::Day, "13:30")?);
    /// assert_eq!(Bound::start(Unit::Week, 1)?, Bound::start(Unit::Week, "Monday")?);
    /// assert!(Bound::start(Unit::Year, "Feb 30th").is_err());
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the value is not a position inside the unit, or is its very end, after which no time is left.
    pub fn start<'t>(unit: Unit, value: impl Into<BoundValue<'t>>) -> Result<Self> {
        Self::new(unit, Edge::Start, value.into())
    }

    /// Creates the bound as the end of a window of `unit`.
    ///
    /// ```
    /// use rocketry_syntax::ast::{Bound, Unit};
    ///
    /// // A number includes its whole sub-unit, a text is exact.
    /// assert_eq!(Bound::end(Unit::Day, 12)?, Bound::end(Unit::Day, "13:00")?);
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the value is not a position inside the unit.
    pub fn end<'t>(unit: Unit, value: impl Into<BoundValue<'t>>) -> Result<Self> {
        Self::new(unit, Edge::End, value.into())
    }

    fn new(unit: Unit, edge: Edge, value: BoundValue<'_>) -> Result<Self> {
        match value {
            BoundValue::Text(text) => {
                let mut cursor = Cursor::new(text)?;
                let bound = bound(&mut cursor, unit, edge)?;
                if cursor.peek().is_some() {
                    return Err(cursor.error(SyntaxErrorKind::Bound, "the end of the bound"));
                }
                Ok(bound)
            }
            BoundValue::Integer(number) => from_integer(unit, edge, number),
            BoundValue::Float(number) => from_float(unit, edge, number),
            BoundValue::Micros(micros) => from_micros(unit, edge, micros),
        }
    }
}

impl Bound {
    /// The time after the day, if any; clock times have none.
    pub(crate) fn time(&self) -> Option<u64> {
        match self {
            Self::Clock(_) => None,
            Self::Weekday { time, .. } | Self::MonthDay { time, .. } | Self::YearDay { time, .. } => *time,
            Self::Ruled(ruled) => ruled.time,
        }
    }

    /// Returns true for a day without a time.
    pub(crate) fn is_bare_day(&self) -> bool {
        let is_day = !matches!(self, Self::Clock(_) | Self::YearDay { day: None, .. });
        is_day && self.time().is_none()
    }

    /// Sets the time after the day.
    pub(crate) fn set_time(&mut self, to: Option<u64>) {
        match self {
            Self::Clock(_) => {}
            Self::Weekday { time, .. } | Self::MonthDay { time, .. } | Self::YearDay { time, .. } => {
                *time = to;
            }
            Self::Ruled(ruled) => ruled.time = to,
        }
    }
}

/// Takes a bound of `unit`.
pub(crate) fn bound(cursor: &mut Cursor<'_>, unit: Unit, edge: Edge) -> Result<Bound> {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => {
            clock::clock(cursor, unit, edge).map(Bound::Clock)
        }
        Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => calendar::timed(cursor, unit, edge),
    }
}

/// The valid numbers of a sub-unit.
fn numbers(unit: Unit) -> (Range<u8>, &'static str) {
    match unit {
        Unit::Second => (0..0, "a millisecond from 0 to 999"),
        Unit::Minute => (0..60, "a second from 0 to 59"),
        Unit::Hour => (0..60, "a minute from 0 to 59"),
        Unit::Day => (0..24, "an hour from 0 to 23"),
        Unit::Week => (1..8, "a weekday from 1 (Monday) to 7 (Sunday)"),
        Unit::Month => (1..32, "a day from 1 to 31"),
        Unit::Quarter => (1..93, "a day from 1 to 92"),
        Unit::Year => (1..13, "a month from 1 to 12"),
    }
}

fn from_integer(unit: Unit, edge: Edge, number: i64) -> Result<Bound> {
    let (allowed, expected) = numbers(unit);
    let error = || value_error(&number.to_string(), expected);
    if unit == Unit::Second {
        let milli = u64::try_from(number)
            .ok()
            .filter(|&milli| milli < 1_000)
            .ok_or_else(error)?;
        return Ok(Bound::Clock((milli + u64::from(edge == Edge::End)) * 1_000));
    }
    let number = u8::try_from(number)
        .ok()
        .filter(|number| allowed.contains(number))
        .ok_or_else(error)?;
    let clock = |sub_unit| Bound::Clock(u64::from(number + u8::from(edge == Edge::End)) * sub_unit);
    Ok(match unit {
        Unit::Second | Unit::Minute => clock(SECOND),
        Unit::Hour => clock(MINUTE),
        Unit::Day => clock(HOUR),
        Unit::Week => Bound::Weekday {
            day: number - 1,
            time: None,
        },
        Unit::Month | Unit::Quarter => Bound::MonthDay {
            day: Day::Nth(number),
            time: None,
        },
        Unit::Year => Bound::YearDay {
            month: number,
            day: None,
            time: None,
        },
    })
}

/// Floats are exact to the microsecond, to which they are rounded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be in range"
)]
fn from_float(unit: Unit, edge: Edge, number: f64) -> Result<Bound> {
    let (scale, limit, expected) = match unit {
        Unit::Second => (1e3, 1e3, "milliseconds from 0 to 1000"),
        Unit::Minute => (1e6, 60.0, "seconds from 0 to 60"),
        _ => return Err(value_error(&number.to_string(), numbers(unit).1)),
    };
    if !(0.0..=limit).contains(&number) {
        return Err(value_error(&number.to_string(), expected));
    }
    from_micros(unit, edge, (number * scale).round() as u64)
}

fn from_micros(unit: Unit, edge: Edge, micros: u64) -> Result<Bound> {
    let length = match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => unit.micros().unwrap_or(DAY),
        Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => {
            return Err(value_error(&format!("{micros} us"), numbers(unit).1));
        }
    };
    if micros > length || (micros == length && edge == Edge::Start) {
        let expected = format!("a time before the end of the {}", unit.name());
        return Err(value_error(&format!("{micros} us"), &expected));
    }
    Ok(Bound::Clock(micros))
}

/// The error for a value that is not text, as if it were written as text.
fn value_error(value: &str, expected: &str) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::Bound, value, 0..value.len(), expected)
}
