//! Cron expressions: what is valid, and the values that it stands for.
//!
//! The rules are those of Vixie's cron. Ranges may wrap (`22-2`, `Fri-Mon`), names of months and weekdays have
//! three letters in any case, Sunday is 0 or 7, `a/n` counts from `a` to the greatest value. `L`, `LW` and
//! `15W` stand for days of the month; `5L` and `5#2` for the last and second Friday.
//!
//! When both day fields are restricted, a day that either names matches. Only `*` (also
//! within a list) leaves a field unrestricted; `*/2` restricts it.

mod field;
mod role;
mod sets;

use std::ops::Range;

use crate::ast::{Cron, Delta};
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use field::Field;
use role::Role;
pub use sets::{CronSets, DaysOfMonth, DaysOfWeek};

const NICKNAMES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

impl Cron {
    /// Checks a cron expression of five fields, or of six with the seconds first.
    ///
    /// ```
    /// use rocketry_syntax::ast::Cron;
    ///
    /// let cron = Cron::parse("0  22-2 * * Mon-Fri", false)?;
    /// assert_eq!(cron.fields, "0 22-2 * * Mon-Fri");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// When a field is invalid, when there are too few or too many, and when no date ever matches.
    pub fn parse(text: &str, seconds: bool) -> Result<Self> {
        checked(text, &words(text), seconds)
    }

    /// Checks a cron expression that is given field by field.
    ///
    /// # Errors
    /// As [`Cron::parse`]; the range of the error is within the fields joined by single blanks.
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

    /// The same expression with a missed instant made up for within `grace`.
    #[must_use]
    pub fn with_grace(self, grace: Delta) -> Self {
        Self {
            grace: Some(grace),
            ..self
        }
    }

    /// The values that the fields allow.
    ///
    /// ```
    /// use rocketry_syntax::Cron;
    ///
    /// let sets = Cron::parse("0 22-2/2 * * Mon-Fri", false)?.sets()?;
    /// assert_eq!(sets.hours, 1 << 22 | 1 << 0 | 1 << 2);
    /// assert_eq!(sets.days_of_month, None);
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// When a field is invalid, or when there are too few or too many. The parser makes no such expression.
    pub fn sets(&self) -> Result<CronSets> {
        sets(&self.fields, &words(&self.fields), self.seconds)
    }
}

/// Takes `[with seconds] <fields> [grace <length>]`.
pub(crate) fn cron(cursor: &mut Cursor<'_>) -> Result<Cron> {
    let seconds = cursor.word() == Some("with");
    if seconds {
        cursor.advance();
        cursor.expect("seconds")?;
    }
    let mut words = Vec::with_capacity(6);
    while cursor.word().is_some_and(|word| word != "grace") {
        words.push(cursor.range());
        cursor.advance();
    }
    if words.is_empty() {
        return Err(cursor.error(SyntaxErrorKind::Cron, count_of_fields(seconds)));
    }
    let cron = checked(cursor.text(), &words, seconds)?;
    if cursor.eat("grace") {
        Ok(cron.with_grace(positive_delta(cursor)?))
    } else {
        Ok(cron)
    }
}

/// Where the words of a text are.
fn words(text: &str) -> Vec<Range<usize>> {
    let offset = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace()
        .map(|word| offset(word)..offset(word) + word.len())
        .collect()
}

fn count_of_fields(seconds: bool) -> &'static str {
    if seconds {
        "6 fields (second, minute, hour, day of month, month, day of week)"
    } else {
        "5 fields (minute, hour, day of month, month, day of week)"
    }
}

fn checked(text: &str, words: &[Range<usize>], seconds: bool) -> Result<Cron> {
    if sets(text, words, seconds)?.is_never() {
        let expected = "a cron expression that some date matches";
        return Err(SyntaxError::new(
            SyntaxErrorKind::Cron,
            text,
            all(words),
            expected,
        ));
    }
    let fields: Vec<&str> = words.iter().map(|word| &text[word.clone()]).collect();
    Ok(Cron {
        fields: fields.join(" "),
        seconds,
        grace: None,
    })
}

/// What the words of a text allow that are the fields of an expression.
fn sets(text: &str, words: &[Range<usize>], seconds: bool) -> Result<CronSets> {
    let field = |word: &Range<usize>, role| {
        Field::parse(&text[word.clone()], role).map_err(|mistake| {
            let range = word.start + mistake.range.start..word.start + mistake.range.end;
            SyntaxError::new(SyntaxErrorKind::Cron, text, range, mistake.expected).suggest(mistake.suggestion)
        })
    };
    let (second, rest) = words.split_at(words.len().min(usize::from(seconds)));
    let [minute, hour, day_of_month, month, day_of_week] = rest else {
        return Err(miscounted(text, all(words), seconds));
    };
    let second = second.first().map(|second| field(second, Role::Second));
    Ok(CronSets::new(
        &second.unwrap_or_else(|| Ok(Field::only(0)))?,
        &[
            field(minute, Role::Minute)?,
            field(hour, Role::Hour)?,
            field(day_of_month, Role::DayOfMonth)?,
            field(month, Role::Month)?,
            field(day_of_week, Role::DayOfWeek)?,
        ],
    ))
}

fn miscounted(text: &str, all: Range<usize>, seconds: bool) -> SyntaxError {
    let nickname = NICKNAMES.iter().find(|(name, _)| *name == &text[all.clone()]);
    let reboot = text[all.clone()].eq_ignore_ascii_case("@reboot");
    SyntaxError::new(SyntaxErrorKind::Cron, text, all, count_of_fields(seconds))
        .help(reboot.then_some("a task with `on_startup = true` runs when the app starts"))
        .suggest(nickname.filter(|_| !seconds).map(|&(_, fields)| fields))
}

/// From the first word to the last.
fn all(words: &[Range<usize>]) -> Range<usize> {
    words.first().map_or(0, |word| word.start)..words.last().map_or(0, |word| word.end)
}
