//! Bounds on the clock: places inside a second, minute, hour or day.

use std::ops::Range;

use super::Edge;
use crate::ast::Unit;
use crate::cursor::Cursor;
use crate::duration::{DAY, HOUR, MINUTE, SECOND, scaled};
use crate::error::{Result, SyntaxError, SyntaxErrorKind};

const QUARTER: u64 = 15 * MINUTE;

/// Takes a place on the clock of `unit`, in microseconds.
pub(super) fn clock(cursor: &mut Cursor<'_>, unit: Unit, edge: Edge) -> Result<u64> {
    let start = cursor.position();
    let (micros, length) = match unit {
        Unit::Second => (millisecond(cursor)?, SECOND),
        Unit::Minute => (second(cursor)?, MINUTE),
        Unit::Hour => (minute(cursor)?, HOUR),
        _ => (time_of_day(cursor)?, DAY),
    };
    let range = cursor.range_since(start);
    let error =
        |expected: String| SyntaxError::new(SyntaxErrorKind::Bound, cursor.text(), range.clone(), expected);
    if micros > length {
        return Err(error(format!("a time within the {}", unit.name())));
    }
    if micros == length && edge == Edge::Start {
        return Err(error(format!("a time before the end of the {}", unit.name())));
    }
    Ok(micros)
}

/// `500`, `15.005`
fn millisecond(cursor: &mut Cursor<'_>) -> Result<u64> {
    decimal(cursor, 1_000, "a millisecond from 0 to 1000 such as `250`")
}

/// `05`, `45.5`
fn second(cursor: &mut Cursor<'_>) -> Result<u64> {
    let expected = "a second of two digits from 00 to 60";
    if let Some(word) = cursor.word() {
        let whole = word.split_once('.').map_or(word, |(whole, _)| whole);
        if whole.len() == 1 && whole.bytes().all(|b| b.is_ascii_digit()) {
            return Err(cursor
                .error(SyntaxErrorKind::Bound, expected)
                .suggest(Some(format!("0{word}"))));
        }
    }
    decimal(cursor, SECOND, expected)
}

/// `30:00`, `59:59.5`, `2 quarters`
fn minute(cursor: &mut Cursor<'_>) -> Result<u64> {
    let expected = "minutes and seconds such as `45:00`, or `3 quarters`";
    let Some(word) = cursor.word() else {
        return Err(missing(cursor, expected));
    };
    if let Some(quarters) = quarters(cursor, word)? {
        return Ok(quarters);
    }
    let range = cursor.range();
    let parts = match word.split_once(':') {
        Some((minutes, seconds)) => Some((whole(minutes, 60), sexagesimal(seconds))),
        None if word.bytes().all(|b| b.is_ascii_digit()) => {
            let text = format!("{word:0>2}:00");
            return Err(cursor.error(SyntaxErrorKind::Bound, expected).suggest(Some(text)));
        }
        None => None,
    };
    let Some((Some(minutes), Some(seconds))) = parts else {
        let error = cursor.error(SyntaxErrorKind::Bound, expected);
        return Err(error.suggest(without_hour(word)));
    };
    cursor.advance();
    let micros = minutes * MINUTE + seconds;
    if micros > HOUR {
        let expected = "a time within the hour";
        return Err(SyntaxError::new(
            SyntaxErrorKind::Bound,
            cursor.text(),
            range,
            expected,
        ));
    }
    Ok(micros)
}

/// `16:08` from `10:16:08`, which is a time of day.
fn without_hour(word: &str) -> Option<&str> {
    let (_, rest) = word.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    (whole(minutes, 59).is_some() && sexagesimal(seconds).is_some()).then_some(rest)
}

/// `2 quarters`, `1q`
fn quarters(cursor: &mut Cursor<'_>, word: &str) -> Result<Option<u64>> {
    let split = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, glued) = word.split_at(split);
    let noun = if glued.is_empty() {
        cursor.word_at(1)
    } else {
        Some(glued)
    };
    if number.is_empty() || !noun.is_some_and(|noun| matches!(noun, "q" | "Q" | "quarter" | "quarters")) {
        return Ok(None);
    }
    let quarters = whole(number, 4).filter(|&quarters| quarters > 0);
    let quarters = quarters.ok_or_else(|| cursor.error(SyntaxErrorKind::Bound, "from 1 to 4 quarters"))?;
    cursor.advance();
    if glued.is_empty() {
        cursor.advance();
    }
    Ok(Some(quarters * QUARTER))
}

/// Returns true if a time of day stands `ahead` tokens from here, and not the number of a day.
pub(crate) fn is_time_at(cursor: &Cursor<'_>, ahead: usize) -> bool {
    cursor.word_at(ahead).is_some_and(|word| {
        let digits = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
        let half = if digits == word.len() {
            cursor.word_at(ahead + 1)
        } else {
            Some(&word[digits..])
        };
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        is_number && (word.contains(':') || half.and_then(half_of_day).is_some())
    })
}

/// `10:00`, `8:30`, `10:00:15.250`, `10 am`, `9am`
pub(crate) fn time_of_day(cursor: &mut Cursor<'_>) -> Result<u64> {
    let expected = "a time such as `10:00` or `10 am`";
    let Some(word) = cursor.word() else {
        return Err(missing(cursor, expected));
    };
    let digits = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (time, glued) = word.split_at(digits);
    let half = if glued.is_empty() {
        cursor.word_at(1).and_then(half_of_day)
    } else {
        half_of_day(glued)
    };
    if (!glued.is_empty() && half.is_none()) || (half.is_none() && !time.contains(':')) {
        return Err(not_a_time(cursor, word, expected));
    }
    let range = cursor.range();
    let Some((hours, rest)) = split_hours(time) else {
        return Err(cursor.error(SyntaxErrorKind::Bound, expected));
    };
    let hours = hour_of(hours, half).map_err(|expected| cursor.error(SyntaxErrorKind::Bound, expected))?;
    cursor.advance();
    if half.is_some() && glued.is_empty() {
        cursor.advance();
    }
    let micros = hours * HOUR + rest;
    if micros > DAY {
        return Err(late(cursor, range));
    }
    Ok(micros)
}

fn not_a_time(cursor: &Cursor<'_>, word: &str, expected: &str) -> SyntaxError {
    let hour = whole(word, 23).map(|hour| format!("{hour:02}:00"));
    cursor.error(SyntaxErrorKind::Bound, expected).suggest(hour)
}

fn late(cursor: &Cursor<'_>, range: Range<usize>) -> SyntaxError {
    SyntaxError::new(
        SyntaxErrorKind::Bound,
        cursor.text(),
        range,
        "a time from 00:00 to 24:00",
    )
}

/// Midday and midnight are what `am` and `pm` count from.
fn half_of_day(word: &str) -> Option<u64> {
    if word.eq_ignore_ascii_case("am") {
        Some(0)
    } else if word.eq_ignore_ascii_case("pm") {
        Some(12)
    } else {
        None
    }
}

fn hour_of(hours: u64, half: Option<u64>) -> Result<u64, &'static str> {
    match half {
        Some(half) if (1..=12).contains(&hours) => Ok(hours % 12 + half),
        Some(_) => Err("an hour from 1 to 12 before `am` or `pm`"),
        None if hours <= 24 => Ok(hours),
        None => Err("an hour from 0 to 24"),
    }
}

/// The hours, and the microseconds of what follows them.
fn split_hours(time: &str) -> Option<(u64, u64)> {
    let mut parts = time.split(':');
    let hours = whole(parts.next()?, 99)?;
    let minutes = match parts.next() {
        Some(minutes) => whole(minutes, 59).filter(|_| minutes.len() == 2)?,
        None => 0,
    };
    let seconds = parts.next().map_or(Some(0), sexagesimal)?;
    parts
        .next()
        .is_none()
        .then_some((hours, minutes * MINUTE + seconds))
}

/// Two digits below sixty, with a fraction, in microseconds.
fn sexagesimal(text: &str) -> Option<u64> {
    let whole_part = text.split_once('.').map_or(text, |(whole, _)| whole);
    let micros = exact(text, SECOND).filter(|_| whole_part.len() == 2)?;
    (micros < MINUTE).then_some(micros)
}

fn whole(text: &str, greatest: u64) -> Option<u64> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|&number| fits && number <= greatest)
}

/// The decimal number times `unit`, unless it is finer than a microsecond.
fn exact(text: &str, unit: u64) -> Option<u64> {
    let fraction = text
        .split_once('.')
        .map_or("", |(_, fraction)| fraction)
        .trim_end_matches('0');
    let places = unit.ilog10() as usize;
    scaled(text, unit)
        .filter(|_| fraction.len() <= places)?
        .try_into()
        .ok()
}

fn decimal(cursor: &mut Cursor<'_>, unit: u64, expected: &str) -> Result<u64> {
    let Some(word) = cursor.word() else {
        return Err(missing(cursor, expected));
    };
    let micros = exact(word, unit).ok_or_else(|| cursor.error(SyntaxErrorKind::Bound, expected))?;
    cursor.advance();
    Ok(micros)
}

/// At the end of the text the mistake is not in the bound but that there is none.
fn missing(cursor: &Cursor<'_>, expected: &str) -> SyntaxError {
    cursor.error(SyntaxErrorKind::Unexpected, expected)
}
