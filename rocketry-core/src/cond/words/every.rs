//! Intervals: `every("10 seconds")`, `every("2 weeks").on("Friday 17:00").from("2026-01-02")`.

use rocketry_syntax::ast::{Basis, CondExpr, Days, Every as EveryExpr, Since, Unit, Window};
use rocketry_syntax::{CountedFrom, Length, Repetition, SyntaxError, parse_days};

use super::arg::{IntoBounds, IntoInterval, zone};
use super::methods::words;
use super::mistake::{Checked, Mistake, condition};
use super::once::once;
use crate::cond::{Condition, IntoBound};
use crate::error::Location;

/// An interval, as returned by [`every`].
///
/// Without further methods the interval is counted from the previous run. With a window or a start, the condition is
/// true once in each of the resulting periods, as `daily` is in each day.
#[derive(Clone, Debug)]
pub struct Every {
    parts: Checked<Parts>,
    place: Location,
}

#[derive(Clone, Debug)]
struct Parts {
    repetition: Repetition,
    since: Since,
    zone: Option<String>,
    retries: u32,
}

/// True once the interval has passed since the previous run was due.
///
/// The interval is elapsed time, independent of changes of the wall clock. A late run does not shift later
/// runs, and one run replaces all missed ones. Requested runs and [retries](super::retry::retry) do not shift
/// later runs either. See [`based_on`](Every::based_on) for other starting points. Months, quarters and years
/// are calendar units: they end on the same day of the month, or on the last day if the month is shorter.
///
/// ```
/// use std::time::Duration;
///
/// use rocketry::conds::*;
///
/// assert_eq!(every("90 min").to_string(), "every 1 hour 30 minutes");
/// assert_eq!(every(Duration::from_millis(500)).to_string(), "every 500 ms");
/// assert_eq!(every("1 month").to_string(), "every 1 month");
/// assert_eq!(every("15 minutes").from("00:05").to_string(), "every 15 minutes from 00:05");
/// ```
#[track_caller]
pub fn every(interval: impl IntoInterval) -> Every {
    let place = Location::caller();
    let parts = match interval.length() {
        Ok(Length { interval, .. }) if interval.is_zero() => Err(Mistake::at(
            place,
            "every",
            "expected a length of time longer than zero",
        )),
        Ok(length) => Ok(Parts {
            repetition: Repetition {
                length,
                window: Window::Full,
                days: Vec::new(),
                from: None,
                until: None,
            },
            since: Since::Start,
            zone: None,
            retries: 0,
        }),
        Err(mistake) => Err(Mistake::at(place, "every", mistake)),
    };
    Every { parts, place }
}

// These are functions, because a constant named `start` would prevent users who import the words from naming a
// variable `start`.

/// Counts the interval of [`every`] from the time when the previous run was due: the default.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(start).to_string(), "every 1 hour");
/// ```
pub fn start() -> Since {
    Since::Start
}

/// Counts the interval of [`every`] from the last success.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(success).to_string(), "every 1 hour based on success");
/// ```
pub fn success() -> Since {
    Since::Success
}

/// Counts the interval of [`every`] from the last failure.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(fail).to_string(), "every 1 hour based on fail");
/// ```
pub fn fail() -> Since {
    Since::Fail
}

/// Counts the interval of [`every`] from the end of the last run, whatever its outcome.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(finish).to_string(), "every 1 hour based on finish");
/// ```
pub fn finish() -> Since {
    Since::Finish
}

impl Every {
    /// Counts the interval from another point: [`start`], [`success`], [`fail`] or [`finish`].
    #[must_use]
    pub fn based_on(mut self, since: fn() -> Since) -> Self {
        if let Ok(parts) = &mut self.parts {
            parts.since = since();
        }
        self
    }

    /// Sets one or several days of each week, month, quarter or year that counts. After a window of a day, or after a
    /// start, sets the days on which the window or the steps begin.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// let payday = every("2 weeks").on("Friday 17:00").from("2026-01-02");
    /// assert_eq!(payday.to_string(), "every 2 weeks on Friday 17:00 from 2026-01-02");
    ///
    /// let trading = every("90 minutes").from("09:30").until("16:00").on("weekdays");
    /// assert_eq!(trading.to_string(), "every 1 hour 30 minutes from 09:30 until 16:00 on weekdays");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn on(self, place: impl IntoBounds) -> Self {
        self.part("on", |parts| match parts.unit() {
            Some(unit) if parts.repetition.window == Window::Full => {
                parts.repetition.window = Window::each(unit, &place.values())?;
                Ok(())
            }
            _ => {
                parts.repetition.days = days(&place)?;
                Ok(())
            }
        })
    }

    /// Sets one or several times of each day that counts, or of the named days.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// let statement = every("3 days").at("10:00").from("2026-01-02");
    /// assert_eq!(statement.to_string(), "every 3 days at 10:00 from 2026-01-02");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn at(self, place: impl IntoBounds) -> Self {
        self.part("at", |parts| {
            let unit = parts.unit().unwrap_or(Unit::Day);
            let window = &mut parts.repetition.window;
            *window = match window.with_times(&place.values())? {
                Some(window) => window,
                None => Window::each(unit, &place.values())?,
            };
            Ok(())
        })
    }

    /// Limits each unit to the part from `start` to its end.
    #[track_caller]
    #[must_use]
    pub fn after(self, start: impl IntoBound) -> Self {
        self.window("after", |unit| Window::after(unit, start.value()))
    }

    /// Limits each unit to the part from its start to `end`.
    #[track_caller]
    #[must_use]
    pub fn before(self, end: impl IntoBound) -> Self {
        self.window("before", |unit| Window::before(unit, end.value()))
    }

    /// Limits each unit to the part between two positions.
    #[track_caller]
    #[must_use]
    pub fn between(self, start: impl IntoBound, end: impl IntoBound) -> Self {
        self.window("between", |unit| {
            Window::between(unit, start.value(), end.value())
        })
    }

    /// Sets the start of the count: a time of each day (`"00:05"`), a date (`"2026-01-02"`) or a time on a date
    /// (`"2026-01-02 09:00"`).
    ///
    /// From a time of day, steps follow the clock and begin again each day. From a date, steps are counted without
    /// interruption, and no run starts before the date. The week, month or quarter of the date is the first that
    /// counts.
    #[track_caller]
    #[must_use]
    pub fn from(self, place: &str) -> Self {
        self.part("from", |parts| {
            parts.repetition.from = Some(CountedFrom::start(place)?);
            Ok(())
        })
    }

    /// Sets the end of the count: a time of each day, or a date. No run starts after it. A date without a time is
    /// included.
    #[track_caller]
    #[must_use]
    pub fn until(self, place: &str) -> Self {
        self.part("until", |parts| {
            parts.repetition.until = Some(CountedFrom::end(place)?);
            Ok(())
        })
    }

    /// Uses the clock of a time zone instead of the zone of the task or the app.
    #[track_caller]
    #[must_use]
    pub fn in_zone(mut self, name: &str) -> Self {
        let zone = zone(name).map(str::to_owned);
        self.parts = self.parts.and_then(|parts| {
            Ok(Parts {
                zone: Some(zone?),
                ..parts
            })
        });
        self
    }

    /// Sets how many failures a period allows before it is used up.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        if let Ok(parts) = &mut self.parts {
            parts.retries = retries;
        }
        self
    }

    #[track_caller]
    fn window(self, method: &str, window: impl FnOnce(Unit) -> Result<Window, SyntaxError>) -> Self {
        self.part(method, |parts| {
            parts.repetition.window = window(parts.unit().unwrap_or(Unit::Day))?;
            Ok(())
        })
    }

    #[track_caller]
    fn part(mut self, method: &str, set: impl FnOnce(&mut Parts) -> Result<(), SyntaxError>) -> Self {
        let place = Location::caller();
        self.parts = self.parts.and_then(|mut parts| match set(&mut parts) {
            Ok(()) => Ok(parts),
            Err(mistake) => Err(Mistake::at(place, &format!("every.{method}"), mistake)),
        });
        self
    }
}

impl Parts {
    fn unit(&self) -> Option<Unit> {
        self.repetition.length.whole.map(|(_, unit)| unit)
    }

    fn condition(self, place: Location) -> Condition {
        let interval = self.repetition.length.interval;
        let period = match self.repetition.period() {
            Ok(period) => period,
            Err(expected) => return Mistake::at(place, "every", format!("expected {expected}")).into(),
        };
        let Some(period) = period else {
            let since = self.since;
            return Condition::new(CondExpr::Every(EveryExpr { interval, since }));
        };
        let period = match self.zone {
            Some(zone) => period.in_zone(&zone),
            None => period,
        };
        once(None, period, Basis::Finish, self.retries)
    }
}

/// Parses the days in the texts.
fn days(place: &impl IntoBounds) -> Result<Vec<Days>, SyntaxError> {
    let mut days = Vec::new();
    for value in place.values() {
        days.extend(parse_days(&value.to_string())?);
    }
    Ok(days)
}

words!(Every);

impl From<Every> for Condition {
    fn from(Every { parts, place }: Every) -> Self {
        condition(parts, |parts| parts.condition(place))
    }
}
