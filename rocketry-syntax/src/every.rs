//! `every …`: an interval, or a series of windows counted from an anchor.

use std::str::FromStr;
use std::time::Duration;

use crate::ast::{
    Anchored, Days, Delta, Interval, Moment, PeriodExpr, Series, Steps, StepsFrom, Unit, Window,
};
use crate::bound::{Edge, is_time_at, moment, time_of_day};
use crate::cursor::Cursor;
use crate::duration::{DAY, positive_delta};
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::period::{days_filter, zoned};
use crate::window::{self, window};

/// The calendar units of a length.
const UNITS: [(&str, Unit); 17] = [
    ("day", Unit::Day),
    ("days", Unit::Day),
    ("d", Unit::Day),
    ("week", Unit::Week),
    ("weeks", Unit::Week),
    ("w", Unit::Week),
    ("wk", Unit::Week),
    ("wks", Unit::Week),
    ("month", Unit::Month),
    ("months", Unit::Month),
    ("quarter", Unit::Quarter),
    ("quarters", Unit::Quarter),
    ("year", Unit::Year),
    ("years", Unit::Year),
    ("yr", Unit::Year),
    ("yrs", Unit::Year),
    ("y", Unit::Year),
];

/// The length of an interval, with the unit it was written in.
///
/// ```
/// use rocketry_syntax::Length;
/// use rocketry_syntax::ast::{Interval, Unit};
///
/// let length: Length = "2 quarters".parse()?;
/// assert_eq!(length.interval, Interval::Months(6));
/// assert_eq!(length.whole, Some((2, Unit::Quarter)));
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// The length.
    pub interval: Interval,
    /// The number and the calendar unit, if it was written with one.
    pub whole: Option<(u32, Unit)>,
}

impl FromStr for Length {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self> {
        let mut cursor = Cursor::new(text)?;
        let length = length(&mut cursor)?;
        if cursor.peek().is_some() {
            return Err(cursor.error(SyntaxErrorKind::Duration, "a number and a unit of time"));
        }
        Ok(length)
    }
}

impl From<Duration> for Length {
    fn from(duration: Duration) -> Self {
        Self {
            interval: Interval::Time(duration.into()),
            whole: None,
        }
    }
}

/// The start or end from which an interval is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedFrom {
    /// A time of each day, in microseconds since its start.
    Clock(u64),
    /// A date, or a date and a time.
    Moment(Moment),
}

impl CountedFrom {
    /// Parses a start: `00:05`, `2026-01-02`, `2026-01-02 09:00`.
    ///
    /// # Errors
    /// Returns an error if the text is neither a time nor a date.
    pub fn start(text: &str) -> Result<Self> {
        whole(text, Edge::Start)
    }

    /// Parses an end.
    ///
    /// # Errors
    /// Returns an error if the text is neither a time nor a date.
    pub fn end(text: &str) -> Result<Self> {
        whole(text, Edge::End)
    }
}

fn whole(text: &str, edge: Edge) -> Result<CountedFrom> {
    let mut cursor = Cursor::new(text)?;
    let place = place(&mut cursor, edge)?;
    if cursor.peek().is_some() {
        return Err(cursor.error(SyntaxErrorKind::Bound, "the end of the place"));
    }
    Ok(place)
}

fn place(cursor: &mut Cursor<'_>, edge: Edge) -> Result<CountedFrom> {
    if !is_time_at(cursor, 0) {
        return moment(cursor, edge).map(CountedFrom::Moment);
    }
    let range = cursor.range();
    let time = time_of_day(cursor)?;
    if time == DAY && edge == Edge::Start {
        let expected = "a time before the end of the day";
        return Err(SyntaxError::new(
            SyntaxErrorKind::Bound,
            cursor.text(),
            range,
            expected,
        ));
    }
    Ok(CountedFrom::Clock(time))
}

/// The parts of `every 2 weeks on Friday 17:00 from 2026-01-02`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// `2 weeks`
    pub length: Length,
    /// `on Friday 17:00`; [`Window::Full`] if absent.
    pub window: Window,
    /// `on weekdays`, after a window or a step in days; empty for every day.
    pub days: Vec<Days>,
    /// `from 2026-01-02`
    pub from: Option<CountedFrom>,
    /// `until 17:00`
    pub until: Option<CountedFrom>,
}

impl Repetition {
    /// Returns the series that the parts describe; `None` for a length alone.
    ///
    /// # Errors
    /// Explains how to correct parts that can't be combined.
    pub fn period(self) -> Result<Option<PeriodExpr>, String> {
        if self.from.is_none() && self.until.is_some() {
            return Err("`from` and a place before `until`".to_owned());
        }
        match (&self.window, self.from) {
            (Window::Full, None) if self.days.is_empty() => Ok(None),
            (Window::Full, Some(CountedFrom::Clock(start))) => self.on_clock(start).map(Some),
            (Window::Full, Some(CountedFrom::Moment(start))) => self.since_moment(start).map(Some),
            (_, Some(CountedFrom::Clock(_))) => Err("a date after `from`".to_owned()),
            (_, Some(CountedFrom::Moment(from))) => self.windows(Some(from)).map(Some),
            (_, None) => self.windows(None).map(Some),
        }
    }

    /// `every 90 minutes from 09:00 until 17:00 on weekdays`
    fn on_clock(self, start: u64) -> Result<PeriodExpr, String> {
        let step = match self.length.interval {
            Interval::Time(step) if step <= Delta(DAY) => step,
            _ => return Err("a date after `from`, as the interval is longer than a day".to_owned()),
        };
        let end = match self.until {
            None => None,
            Some(CountedFrom::Clock(end)) => Some(end),
            Some(CountedFrom::Moment(_)) => return Err("a time after `until`, as after `from`".to_owned()),
        };
        let from = StepsFrom::Clock {
            start,
            end,
            days: self.days,
        };
        Ok(PeriodExpr::Steps(Box::new(Steps { step, from })))
    }

    /// `every 2 weeks from 2026-01-02`, `every 90 minutes from 2026-01-02 09:00`
    fn since_moment(self, start: Moment) -> Result<PeriodExpr, String> {
        match (self.length.interval, self.length.whole) {
            _ if !self.days.is_empty() => Err("`&` before the days".to_owned()),
            (_, Some(_)) => self.windows(Some(start)),
            (Interval::Time(step), None) if step.0.is_multiple_of(DAY) => {
                let days = u32::try_from(step.0 / DAY).map_err(|_| "a shorter interval".to_owned())?;
                let whole = Some((days, Unit::Day));
                let length = Length { whole, ..self.length };
                Self { length, ..self }.windows(Some(start))
            }
            (Interval::Time(step), None) => {
                let end = self.last()?;
                let from = StepsFrom::Moment { start, end };
                Ok(PeriodExpr::Steps(Box::new(Steps { step, from })))
            }
            (Interval::Months(_), None) => Err("a whole number of months".to_owned()),
        }
    }

    /// The moment at which the series ends.
    fn last(&self) -> Result<Option<Moment>, String> {
        match self.until {
            None => Ok(None),
            Some(CountedFrom::Moment(end)) => Ok(Some(end)),
            Some(CountedFrom::Clock(_)) => Err("a date after `until`, as after `from`".to_owned()),
        }
    }

    /// `every 2 weeks on Friday 17:00 from 2026-01-02`
    fn windows(self, from: Option<Moment>) -> Result<PeriodExpr, String> {
        let until = self.last()?;
        let Some((every, unit)) = self.length.whole else {
            return Err("days, weeks, months, quarters or years, of which this is a part".to_owned());
        };
        if matches!(self.window, Window::Starting(_)) {
            return Err("`from` and a date instead of `starting`".to_owned());
        }
        let anchored = Anchored {
            unit,
            window: self.window,
        };
        if every == 1 && from.is_none() {
            return Ok(PeriodExpr::Anchored(anchored).on_days(self.days));
        }
        if from.is_none() && !divides_year(every, unit) {
            return Err(format!("`from` and a date, which tells the {unit}s that count"));
        }
        Ok(PeriodExpr::Series(Box::new(Series {
            every,
            anchored,
            days: self.days,
            from,
            until,
        })))
    }
}

/// Returns true if this number of units divides every year evenly.
fn divides_year(every: u32, unit: Unit) -> bool {
    match unit {
        Unit::Month => 12_u32.is_multiple_of(every),
        Unit::Quarter => 4_u32.is_multiple_of(every),
        _ => every == 1,
    }
}

/// The term after `every`.
pub(crate) enum Repeated {
    /// A length alone, measured from the previous run.
    Interval(Interval),
    /// A series of windows.
    Period(PeriodExpr),
}

/// Takes a length, and its anchor if present.
pub(crate) fn repeated(cursor: &mut Cursor<'_>) -> Result<Repeated> {
    let start = cursor.position();
    let length = length(cursor)?;
    let range = cursor.range_since(start);
    let parts = parts(cursor, length)?;
    let misfit = |expected| SyntaxError::new(SyntaxErrorKind::Bound, cursor.text(), range, expected);
    match parts.period().map_err(misfit)? {
        Some(period) => zoned(cursor, period).map(Repeated::Period),
        None => Ok(Repeated::Interval(length.interval)),
    }
}

fn parts(cursor: &mut Cursor<'_>, length: Length) -> Result<Repetition> {
    let unit = length.whole.map(|(_, unit)| unit);
    let window = match unit {
        Some(unit) if window::begins_at(cursor, 0) => window(cursor, unit)?,
        _ => Window::Full,
    };
    let mut days = days_filter(cursor, unit.unwrap_or(Unit::Hour))?;
    let from = placed(cursor, "from", Edge::Start)?;
    let until = match from {
        Some(_) => placed(cursor, "until", Edge::End)?,
        None => None,
    };
    if matches!(from, Some(CountedFrom::Clock(_))) && days.is_empty() {
        days = days_filter(cursor, Unit::Day)?;
    }
    Ok(Repetition {
        length,
        window,
        days,
        from,
        until,
    })
}

fn placed(cursor: &mut Cursor<'_>, word: &str, edge: Edge) -> Result<Option<CountedFrom>> {
    if cursor.word() != Some(word) {
        return Ok(None);
    }
    cursor.advance();
    place(cursor, edge).map(Some)
}

/// Takes a length of time that is longer than zero.
fn length(cursor: &mut Cursor<'_>) -> Result<Length> {
    let is_unit = |word: &str| UNITS.iter().any(|(name, _)| *name == word);
    if cursor.word().is_some_and(is_unit) && window::begins_at(cursor, 1) {
        return Err(cursor.error(SyntaxErrorKind::Duration, "a number before the unit of time"));
    }
    let whole = in_calendar(cursor);
    let ends = cursor
        .word_at(2)
        .is_none_or(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    match whole.filter(|_| ends) {
        Some((number, unit)) if unit >= Unit::Month => {
            let months = months(number, unit).filter(|months| *months > 0);
            let months = months.ok_or_else(|| {
                cursor.error(
                    SyntaxErrorKind::Duration,
                    "a number of months from 1 to 1,000,000",
                )
            })?;
            cursor.advance();
            cursor.advance();
            let interval = Interval::Months(months);
            Ok(Length { interval, whole })
        }
        whole => Ok(Length {
            interval: Interval::Time(positive_delta(cursor)?),
            whole,
        }),
    }
}

/// The number and the calendar unit at the cursor.
fn in_calendar(cursor: &Cursor<'_>) -> Option<(u32, Unit)> {
    let digits = cursor
        .word()
        .filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let number = digits?.parse().ok()?;
    let word = cursor.word_at(1)?;
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == word)?;
    Some((number, *unit))
}

fn months(number: u32, unit: Unit) -> Option<u32> {
    let length = match unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        _ => 12,
    };
    number.checked_mul(length).filter(|months| *months <= 1_000_000)
}
