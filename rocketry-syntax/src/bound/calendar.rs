//! Bounds on the calendar: days of a week or month, days and months of a year.

use super::{Edge, clock};
use crate::ast::{Bound, Day};
use crate::cursor::Cursor;
use crate::duration::DAY;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::suggest::nearest;

/// The days of the week; three letters are enough.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The months of the year; three letters are enough.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the months, in a leap year.
pub(crate) const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// `Mon`, `Monday 10:00`
pub(super) fn weekday(cursor: &mut Cursor<'_>, edge: Edge) -> Result<Bound> {
    let day = named(cursor, &WEEKDAYS, "a weekday such as `Monday`")
        .map_err(|error| with_day(cursor, error, WEEKDAYS[0]))?;
    Ok(Bound::Weekday {
        day,
        time: time(cursor, edge)?,
    })
}

/// `3rd`, `5.`, `5`, `3rd 12:00`, `last day`
pub(super) fn month_day(cursor: &mut Cursor<'_>, edge: Edge) -> Result<Bound> {
    let day = day(cursor, 31, "a day from 1st to 31st, or `last day`")
        .map_err(|error| with_day(cursor, error, "1st"))?;
    Ok(Bound::MonthDay {
        day,
        time: time(cursor, edge)?,
    })
}

/// `Feb`, `February 15th`, `Feb 15th 10:00`, `Feb last day`
pub(super) fn year_day(cursor: &mut Cursor<'_>, edge: Edge) -> Result<Bound> {
    let index = named(cursor, &MONTHS, "a month such as `February`")
        .map_err(|error| with_day(cursor, error, "January 1st"))?;
    let month = index + 1;
    if !is_day(cursor) {
        return Ok(Bound::YearDay {
            month,
            day: None,
            time: None,
        });
    }
    let (name, days) = (MONTHS[usize::from(index)], MONTH_DAYS[usize::from(index)]);
    let expected = format!("a day of {name} from 1 to {days}, or `last day`");
    let day = day(cursor, days, &expected)?;
    Ok(Bound::YearDay {
        month,
        day: Some(day),
        time: time(cursor, edge)?,
    })
}

/// Proposes the day in front of a time that stands alone: `Monday 00:00`.
fn with_day(cursor: &Cursor<'_>, error: SyntaxError, day: &str) -> SyntaxError {
    let time = cursor.word().filter(|word| word.contains(':'));
    error.suggest(time.map(|time| format!("{day} {time}")))
}

/// Takes the full name, or its first three letters, in any case; tells the index.
fn named(cursor: &mut Cursor<'_>, names: &[&'static str], expected: &str) -> Result<u8> {
    let Some(word) = cursor.word() else {
        return Err(cursor.error(SyntaxErrorKind::Unexpected, expected));
    };
    let is = |name: &&str| word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(&name[..3]);
    let Some(index) = names.iter().position(is) else {
        let suggestion = nearest(word, names.iter().copied());
        return Err(cursor.error(SyntaxErrorKind::Bound, expected).suggest(suggestion));
    };
    cursor.advance();
    u8::try_from(index).map_err(|_| cursor.error(SyntaxErrorKind::Bound, expected))
}

fn is_day(cursor: &Cursor<'_>) -> bool {
    cursor
        .word()
        .is_some_and(|word| word == "last" || word.starts_with(|c: char| c.is_ascii_digit()))
}

fn day(cursor: &mut Cursor<'_>, days: u8, expected: &str) -> Result<Day> {
    let Some(word) = cursor.word() else {
        return Err(cursor.error(SyntaxErrorKind::Unexpected, expected));
    };
    if word == "last" {
        cursor.advance();
        if cursor.word() == Some("day") {
            cursor.advance();
        }
        return Ok(Day::Last);
    }
    let day = ordinal(word).filter(|day| (1..=days).contains(day));
    let day = day.ok_or_else(|| {
        // `5st` is a slip of the ending, not of the number.
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number = digits.parse().ok().filter(|day| (1..=days).contains(day));
        let suggestion = number.map(|day| format!("{day}{}", ending(day)));
        cursor.error(SyntaxErrorKind::Bound, expected).suggest(suggestion)
    })?;
    cursor.advance();
    Ok(Day::Nth(day))
}

/// The number of `3rd`, `3.` or `3`.
fn ordinal(word: &str) -> Option<u8> {
    let split = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (digits, suffix) = word.split_at(split);
    let number = digits.parse().ok()?;
    (suffix.is_empty() || suffix == "." || suffix.eq_ignore_ascii_case(ending(number))).then_some(number)
}

/// The letters after an ordinal number.
pub(crate) fn ending(number: u8) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// The time after a day, if there is one. As an end, `24:00` is the end of the day, so the day is bare.
fn time(cursor: &mut Cursor<'_>, edge: Edge) -> Result<Option<u64>> {
    if !cursor
        .word()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    {
        return Ok(None);
    }
    let start = cursor.position();
    let micros = clock::time_of_day(cursor)?;
    if micros < DAY {
        return Ok(Some(micros));
    }
    let (text, range) = (cursor.text(), cursor.range_since(start));
    match edge {
        Edge::End => Ok(None),
        Edge::Start => {
            let expected = "a time before the end of the day";
            Err(SyntaxError::new(SyntaxErrorKind::Bound, text, range, expected))
        }
    }
}
