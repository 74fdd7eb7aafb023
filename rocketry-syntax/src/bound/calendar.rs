//! Bounds on the calendar: days of a week or month, days and months of a year.

use super::rule::{Scope, begins, rule};
use super::{Edge, clock};
use crate::ast::{Bound, Day, DayRule, RuledBound, Unit};
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

/// Takes a day of a week, month, quarter or year, or a month of a year; without a time.
pub(super) fn place(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Bound> {
    let start = cursor.position();
    let (place, example) = match unit {
        Unit::Month => (
            month_day(
                cursor,
                31,
                "a day from 1st to 31st, `last day`, or one such as `first Monday`",
            ),
            "1st",
        ),
        Unit::Quarter => (
            month_day(
                cursor,
                92,
                "a day from 1st to 92nd, `last day`, or one such as `first Monday`",
            ),
            "1st",
        ),
        Unit::Year => (year_day(cursor), "January 1st"),
        _ => (weekday(cursor), WEEKDAYS[0]),
    };
    place.map_err(|error| {
        if cursor.position() > start {
            return error;
        }
        with_day(cursor, error, example)
    })
}

/// Proposes the day in front of a time that stands alone: `Monday 00:00`.
fn with_day(cursor: &Cursor<'_>, error: SyntaxError, day: &str) -> SyntaxError {
    let time = cursor.word().filter(|word| word.contains(':'));
    error.suggest(time.map(|time| format!("{day} {time}")))
}

/// Takes a day of a week, month, quarter or year, with its time if it has one.
pub(super) fn timed(cursor: &mut Cursor<'_>, unit: Unit, edge: Edge) -> Result<Bound> {
    let mut bound = place(cursor, unit)?;
    if bound.is_bare_day() {
        bound.set_time(time(cursor, edge)?);
    }
    Ok(bound)
}

/// `Mon`, `Monday`
fn weekday(cursor: &mut Cursor<'_>) -> Result<Bound> {
    let day = named(cursor, &WEEKDAYS, "a weekday such as `Monday`")?;
    Ok(Bound::Weekday { day, time: None })
}

/// `3rd`, `5.`, `5`, `last day`, `first Monday`
fn month_day(cursor: &mut Cursor<'_>, days: u8, expected: &str) -> Result<Bound> {
    Ok(match rule(cursor, Scope { days, expected })? {
        DayRule::Plain(day) => Bound::MonthDay { day, time: None },
        day => ruled(None, day),
    })
}

fn ruled(month: Option<u8>, day: DayRule) -> Bound {
    Bound::Ruled(Box::new(RuledBound {
        month,
        day,
        time: None,
    }))
}

/// `Feb`, `February 15th`, `Feb last day`, `first Monday of September`
fn year_day(cursor: &mut Cursor<'_>) -> Result<Bound> {
    let (month, day) = day_of_year(cursor)?;
    Ok(match day {
        None => Bound::YearDay {
            month,
            day: None,
            time: None,
        },
        Some(DayRule::Plain(day)) => Bound::YearDay {
            month,
            day: Some(day),
            time: None,
        },
        Some(day) => ruled(Some(month), day),
    })
}

/// Takes a month, and the day of it if there is one.
pub(super) fn day_of_year(cursor: &mut Cursor<'_>) -> Result<(u8, Option<DayRule>)> {
    if is_of_month(cursor) {
        let start = cursor.position();
        let expected = "a day from 1st to 31st, or `last day`";
        let day = rule(cursor, Scope { days: 31, expected })?;
        cursor.expect("of")?;
        let month = named(cursor, &MONTHS, "a month such as `February`")? + 1;
        let days = MONTH_DAYS[usize::from(month) - 1];
        if matches!(day, DayRule::Plain(Day::Nth(nth)) if nth > days) {
            let (text, range) = (cursor.text(), cursor.range_since(start));
            let expected = day_expected(month);
            return Err(SyntaxError::new(SyntaxErrorKind::Bound, text, range, expected));
        }
        return Ok((month, Some(day)));
    }
    let month = named(cursor, &MONTHS, "a month such as `February`")? + 1;
    if !begins(cursor) {
        return Ok((month, None));
    }
    let days = MONTH_DAYS[usize::from(month) - 1];
    let expected = &day_expected(month);
    Ok((month, Some(rule(cursor, Scope { days, expected })?)))
}

fn day_expected(month: u8) -> String {
    let index = usize::from(month) - 1;
    let (name, days) = (MONTHS[index], MONTH_DAYS[index]);
    format!("a day of {name} from 1 to {days}, or `last day`")
}

/// Returns true if a day stands here that is followed by `of` and its month.
pub(super) fn is_of_month(cursor: &Cursor<'_>) -> bool {
    let is_of = |ahead: usize| {
        let month = cursor.word_at(ahead + 1).and_then(|word| spelled(word, &MONTHS));
        cursor.word_at(ahead) == Some("of") && month.is_some()
    };
    begins(cursor)
        && cursor
            .ahead()
            .take_while(|ahead| cursor.word_at(*ahead) != Some(","))
            .any(is_of)
}

/// The index of a name, which is spelled in full or by its first three letters, in any case.
pub(super) fn spelled(word: &str, names: &[&'static str]) -> Option<u8> {
    let is = |name: &&str| word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(&name[..3]);
    names
        .iter()
        .position(is)
        .and_then(|index| u8::try_from(index).ok())
}

/// Takes the full name, or its first three letters, in any case; tells the index.
fn named(cursor: &mut Cursor<'_>, names: &[&'static str], expected: &str) -> Result<u8> {
    let Some(word) = cursor.word() else {
        return Err(cursor.error(SyntaxErrorKind::Unexpected, expected));
    };
    let Some(index) = spelled(word, names) else {
        let suggestion = nearest(word, names.iter().copied());
        return Err(cursor.error(SyntaxErrorKind::Bound, expected).suggest(suggestion));
    };
    cursor.advance();
    Ok(index)
}

/// The number of `3rd`, `3.` or `3`.
pub(super) fn ordinal(word: &str) -> Option<u8> {
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
pub(super) fn time(cursor: &mut Cursor<'_>, edge: Edge) -> Result<Option<u64>> {
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

/// The time after the days of a list, where the last of them may have one.
pub(super) fn time_after(cursor: &mut Cursor<'_>, takes_time: bool) -> Result<Option<u64>> {
    if takes_time {
        time(cursor, Edge::Start)
    } else {
        Ok(None)
    }
}
