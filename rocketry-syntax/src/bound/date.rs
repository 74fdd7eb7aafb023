//! Dates: `2026-07-04`, `2026-07-04 12:00`.

use super::Edge;
use super::calendar::{self, MONTH_DAYS};
use crate::ast::{Date, Moment};
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxErrorKind};

const EXPECTED: &str = "a date such as `2026-07-04`";

/// Returns true if a word looks like a date.
pub(crate) fn is_date(word: &str) -> bool {
    let mut parts = word.split('-');
    let digits = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(parts.next()) && digits(parts.next()) && digits(parts.next()) && parts.next().is_none()
}

/// Takes a date.
pub(crate) fn date(cursor: &mut Cursor<'_>) -> Result<Date> {
    let Some(word) = cursor.word() else {
        return Err(cursor.error(SyntaxErrorKind::Unexpected, EXPECTED));
    };
    let date = read(word).ok_or_else(|| cursor.error(SyntaxErrorKind::Bound, EXPECTED))?;
    cursor.advance();
    Ok(date)
}

fn read(word: &str) -> Option<Date> {
    let mut parts = word.split('-');
    let mut part = |digits: usize| {
        parts
            .next()
            .filter(|part| part.len() == digits)?
            .parse::<u16>()
            .ok()
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    if parts.next().is_some() || year == 0 {
        return None;
    }
    let date = Date {
        year,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
    };
    date.exists().then_some(date)
}

impl Date {
    /// Returns true if the calendar has the date.
    ///
    /// ```
    /// use rocketry_syntax::ast::Date;
    ///
    /// let leap_day = |year| Date { year, month: 2, day: 29 };
    /// assert!(leap_day(2028).exists());
    /// assert!(!leap_day(2100).exists());
    /// ```
    pub fn exists(self) -> bool {
        let days = MONTH_DAYS.get(usize::from(self.month).wrapping_sub(1));
        let is_leap =
            self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let fits = days.is_some_and(|days| (1..=*days).contains(&self.day));
        self.year > 0 && fits && (is_leap || (self.month, self.day) != (2, 29))
    }
}

/// Takes a date, and a time if present. As an end, `24:00` is the end of the day, so the date is bare.
pub(crate) fn moment(cursor: &mut Cursor<'_>, edge: Edge) -> Result<Moment> {
    Ok(Moment {
        date: date(cursor)?,
        time: calendar::time(cursor, edge)?,
    })
}

impl Moment {
    /// Parses a date, or a date and a time, as a start.
    ///
    /// # Errors
    /// Returns an error if the text is neither.
    pub fn start(text: &str) -> Result<Self> {
        whole(text, Edge::Start)
    }

    /// Parses a date, or a date and a time, as an end.
    ///
    /// # Errors
    /// Returns an error if the text is neither.
    pub fn end(text: &str) -> Result<Self> {
        whole(text, Edge::End)
    }
}

fn whole(text: &str, edge: Edge) -> Result<Moment> {
    let mut cursor = Cursor::new(text)?;
    let moment = moment(&mut cursor, edge)?;
    if cursor.peek().is_some() {
        return Err(cursor.error(SyntaxErrorKind::Bound, "the end of the date"));
    }
    Ok(moment)
}
