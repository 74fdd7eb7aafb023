//! Cron expressions: what is valid, and the plain pattern that it stands for.
//!
//! The rules are those of Vixie's cron. Ranges may wrap (`22-2`, `Fri-Mon`), names of months and weekdays have
//! three letters in any case, Sunday is 0 or 7, `a/n` counts from `a` to the greatest value. `L`, `LW` and
//! `15W` stand for days of the month; `5L` and `5#2` for the last and second Friday.
//!
//! When both day fields are restricted, a day that either names matches. Only `*` (also
//! within a list) leaves a field unrestricted; `*/2` restricts it.

mod field;
mod role;

use std::ops::Range;

use crate::ast::{Cron, Delta};
use crate::bound::MONTH_DAYS;
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use field::Field;
use role::Role;

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
    /// assert_eq!(cron.pattern(), "0 22,23,0,1,2 * * 1-5");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// When a field is invalid, when there are too few or too many, and when no date ever matches.
    pub fn parse(text: &str, seconds: bool) -> Result<Self> {
        let offset = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let words = text
            .split_whitespace()
            .map(|word| offset(word)..offset(word) + word.len());
        checked(text, &words.collect::<Vec<_>>(), seconds)
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

    /// The expression without names, ranges that wrap and steps from a single value, for cron libraries that
    /// know none of these.
    pub fn pattern(&self) -> String {
        let roles = roles(self.seconds);
        let fields = self.fields.split(' ').zip(roles).map(|(text, &role)| {
            Field::parse(text, role).map_or_else(|_| text.to_owned(), |field| field.pattern)
        });
        fields.collect::<Vec<_>>().join(" ")
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

fn roles(seconds: bool) -> &'static [Role] {
    &Role::ALL[usize::from(!seconds)..]
}

fn count_of_fields(seconds: bool) -> &'static str {
    if seconds {
        "6 fields (second, minute, hour, day of month, month, day of week)"
    } else {
        "5 fields (minute, hour, day of month, month, day of week)"
    }
}

fn checked(text: &str, words: &[Range<usize>], seconds: bool) -> Result<Cron> {
    let all = words.first().map_or(0, |word| word.start)..words.last().map_or(0, |word| word.end);
    let error = |range, expected: String| SyntaxError::new(SyntaxErrorKind::Cron, text, range, expected);
    let roles = roles(seconds);
    if words.len() != roles.len() {
        let nickname = NICKNAMES.iter().find(|(name, _)| *name == &text[all.clone()]);
        let error = error(all, count_of_fields(seconds).to_owned());
        return Err(error.suggest(nickname.filter(|_| !seconds).map(|&(_, fields)| fields)));
    }
    let mut fields = Vec::with_capacity(roles.len());
    for (word, &role) in words.iter().zip(roles) {
        let field = Field::parse(&text[word.clone()], role).map_err(|mistake| {
            let range = word.start + mistake.range.start..word.start + mistake.range.end;
            error(range, mistake.expected).suggest(mistake.suggestion)
        })?;
        fields.push(field);
    }
    let [.., day_of_month, month, day_of_week] = fields.as_slice() else {
        unreachable!("counted")
    };
    if never(day_of_month, month, day_of_week) {
        return Err(error(all, "a cron expression that some date matches".to_owned()));
    }
    let fields = words
        .iter()
        .map(|word| &text[word.clone()])
        .collect::<Vec<_>>()
        .join(" ");
    Ok(Cron {
        fields,
        seconds,
        grace: None,
    })
}

/// A day of the month that none of the months has; a restricted weekday would match on its own.
fn never(day_of_month: &Field, month: &Field, day_of_week: &Field) -> bool {
    let within = |days: u8| day_of_month.values & !(u64::MAX << (days + 1)) != 0;
    let some = (1..)
        .zip(MONTH_DAYS)
        .any(|(number, days)| month.values & (1 << number) != 0 && within(days));
    !(day_of_week.is_restricted() || day_of_month.last_day || some)
}
