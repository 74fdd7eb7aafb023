//! Cron expressions: validation and the values that they allow.
//!
//! The rules are those of Vixie's cron. Ranges may wrap (`22-2`, `Fri-Mon`), names of months and weekdays are written
//! out or have three letters, in any case, Sunday is 0 or 7, `a/n` counts from `a` to the greatest value. `L`, `L-3`,
//! `LW` and `15W` stand for days of the month; `5L` (or `5#L`) and `5#2` for the last and second Friday, also for a
//! range of weekdays: `Mon-Fri#1`.
//!
//! If both day fields are restricted, a day matches if it is in either of them; with `+` before the weekdays, it must be
//! in both. Only `*` (also within a list) or `?` leaves a field unrestricted; `*/2` restricts it.

mod field;
mod fields;
mod item;
mod month;
mod pasted;
mod role;
mod sets;
mod words;

use std::ops::Range;
use std::sync::Arc;

use crate::ast::Delta;
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::Result;
pub(crate) use pasted::{is_like_a_field, no_year};
pub(crate) use role::{Role, number};
pub use sets::{CronSets, DaysOfMonth, DaysOfWeek};

/// A valid cron expression that matches at least one date.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cron {
    fields: Box<str>,
    seconds: bool,
    grace: Option<Delta>,
    sets: Arc<CronSets>,
}

impl Cron {
    /// Parses a cron expression of five fields, or of six with the seconds first.
    ///
    /// A seventh field for the year is allowed if it is `*`, and is ignored.
    ///
    /// ```
    /// use rocketry_syntax::ast::Cron;
    ///
    /// let cron = Cron::parse("0  22-2 * * Mon-Fri", false)?;
    /// assert_eq!(cron.fields(), "0 22-2 * * Mon-Fri");
    /// let cron = Cron::parse("0 0 12 * * ? *", true)?;
    /// assert_eq!(cron.fields(), "0 0 12 * * ?");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if a field is invalid, if there are too few or too many fields, or if no date ever matches.
    pub fn parse(text: &str, seconds: bool) -> Result<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Self::from_words(text, &words, seconds)
    }

    /// Parses a cron expression from separate fields.
    ///
    /// # Errors
    /// See [`Cron::parse`]. The range of the error is within the fields joined by single blanks.
    pub fn from_fields(
        minute: &str,
        hour: &str,
        day_of_month: &str,
        month: &str,
        day_of_week: &str,
    ) -> Result<Self> {
        let fields = [minute, hour, day_of_month, month, day_of_week].map(str::trim);
        Self::parse(&fields.join(" "), false)
    }

    /// Parses the words of a text.
    fn from_words(text: &str, words: &[&str], seconds: bool) -> Result<Self> {
        let fields = fields::of(words, seconds).ok_or_else(|| pasted::miscounted(text, words, seconds))?;
        let sets =
            fields::sets(text, fields).map_err(|mistake| pasted::known(text, words).unwrap_or(mistake))?;
        Ok(Self {
            fields: fields.join(" ").into(),
            seconds,
            grace: None,
            sets: Arc::new(sets),
        })
    }

    /// Returns the same expression, catching up on a missed instant within `grace`.
    #[must_use]
    pub fn with_grace(self, grace: Delta) -> Self {
        Self {
            grace: Some(grace),
            ..self
        }
    }

    /// Returns the same expression without a grace.
    #[must_use]
    pub fn without_grace(self) -> Self {
        Self { grace: None, ..self }
    }

    /// Returns the fields as they were written, separated by single blanks: five, or six with the seconds.
    pub fn fields(&self) -> &str {
        &self.fields
    }

    /// Returns true if the first field is the second: `cron with seconds …`.
    pub const fn has_seconds(&self) -> bool {
        self.seconds
    }

    /// Returns how long the task may catch up on a missed instant: `… grace 1 hour`. `None` means until the
    /// end of the matching minute or second.
    pub const fn grace(&self) -> Option<Delta> {
        self.grace
    }

    /// Returns the values that the fields allow.
    ///
    /// ```
    /// use rocketry_syntax::Cron;
    ///
    /// let cron = Cron::parse("0 22-2/2 * * Mon-Fri", false)?;
    /// assert_eq!(cron.sets().hours, 1 << 22 | 1 << 0 | 1 << 2);
    /// assert_eq!(cron.sets().days_of_month, None);
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub const fn sets(&self) -> &Arc<CronSets> {
        &self.sets
    }
}

/// Takes `[with seconds] <fields> [grace <length>]`.
pub(crate) fn cron(cursor: &mut Cursor<'_>) -> Result<Cron> {
    let seconds = cursor.word() == Some("with");
    if seconds {
        cursor.advance();
        cursor.expect("seconds")?;
    }
    let here = cursor.range();
    let mut words = Vec::with_capacity(6);
    while let Some(word) = cursor.word().filter(|word| !matches!(*word, "grace" | "in")) {
        words.push(word);
        cursor.advance();
    }
    if words.is_empty() {
        return Err(pasted::missing(cursor.text(), here, seconds));
    }
    let cron = Cron::from_words(cursor.text(), &words, seconds)?;
    if cursor.eat("grace") {
        Ok(cron.with_grace(positive_delta(cursor)?))
    } else {
        Ok(cron)
    }
}

/// The byte range of a part of a text.
fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

/// The byte range of words of a text, from the first to the last.
fn range_of(text: &str, words: &[&str]) -> Range<usize> {
    let start = words.first().map_or(0, |word| range_in(text, word).start);
    let end = words.last().map_or(0, |word| range_in(text, word).end);
    start..end
}
