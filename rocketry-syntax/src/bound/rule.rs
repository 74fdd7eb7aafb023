//! Days that a rule selects: `3rd`, `first Monday`, `3rd last day`, `2 days after second Tuesday`, `15th or next weekday`.

use super::calendar::{WEEKDAYS, ending, ordinal, spelled};
use crate::ast::{Day, DayKind, DayRule};
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;

/// The ordinal numbers that have a word.
const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// The kind of day that a number counts.
const KINDS: &str = "`day`, `weekday`, `business day of '…'` or a day such as `Monday`";

/// The maximum number of days by which a rule may move a day: a month.
const fn farthest(kind: &DayKind) -> u8 {
    match kind {
        DayKind::Day => 31,
        DayKind::Weekday | DayKind::Business(_) => 23,
        DayKind::On(_) => 5,
    }
}

/// The unit in which a day is selected.
#[derive(Clone, Copy)]
pub(super) struct Scope<'e> {
    /// The maximum number of days.
    pub(super) days: u8,
    /// The description for errors.
    pub(super) expected: &'e str,
}

/// Returns true if a day rule begins here.
pub(super) fn begins(cursor: &Cursor<'_>) -> bool {
    cursor.word().is_some_and(|word| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || matches!(word, "last" | "next" | "previous")
            || ORDINALS.contains(&word)
    })
}

/// Takes the day of a rule.
pub(super) fn rule(cursor: &mut Cursor<'_>, scope: Scope<'_>) -> Result<DayRule> {
    let day = simple(cursor, scope)?;
    let turns = cursor.word() == Some("or") && matches!(cursor.word_at(1), Some("next" | "previous"));
    if !turns {
        return Ok(day);
    }
    cursor.advance();
    let before = cursor.word() == Some("previous");
    cursor.advance();
    Ok(DayRule::Nearest {
        day: Box::new(day),
        before,
        kind: expect_kind(cursor)?,
    })
}

fn simple(cursor: &mut Cursor<'_>, scope: Scope<'_>) -> Result<DayRule> {
    match cursor.word() {
        Some("next") => {
            cursor.advance();
            let kind = expect_kind(cursor)?;
            cursor.expect("after")?;
            moved(cursor, scope, 1, false, kind)
        }
        Some("previous") => {
            cursor.advance();
            let kind = expect_kind(cursor)?;
            cursor.expect("before")?;
            moved(cursor, scope, 1, true, kind)
        }
        Some(word) if is_number(word) && names_kind(cursor.word_at(1)) => {
            let number = cursor.range();
            cursor.advance();
            let kind = expect_kind(cursor)?;
            let most = farthest(&kind);
            let by = word.parse().ok().filter(|by| (1..=most).contains(by));
            let by = by.ok_or_else(|| {
                let expected = format!("a number from 1 to {most}");
                SyntaxError::new(SyntaxErrorKind::Bound, cursor.text(), number, expected)
            })?;
            let before = cursor.expect_any(&[("after", false), ("before", true)])?;
            moved(cursor, scope, by, before, kind)
        }
        _ => counted(cursor, scope),
    }
}

fn moved(cursor: &mut Cursor<'_>, scope: Scope<'_>, by: u8, before: bool, kind: DayKind) -> Result<DayRule> {
    let from = Box::new(cursor.nested(|cursor| simple(cursor, scope))?);
    Ok(DayRule::Moved {
        by,
        before,
        kind,
        from,
    })
}

/// `3rd`, `first Monday`, `last`, `3rd last day`
fn counted(cursor: &mut Cursor<'_>, scope: Scope<'_>) -> Result<DayRule> {
    let start = cursor.position();
    let Some(word) = cursor.word() else {
        return Err(cursor.error(SyntaxErrorKind::Unexpected, scope.expected));
    };
    let nth = if word == "last" {
        1
    } else {
        let nth = nth(word).ok_or_else(|| misspelt(cursor, word, scope))?;
        cursor.advance();
        nth
    };
    let from_end = cursor.word() == Some("last");
    if from_end {
        cursor.advance();
    }
    let kind = kind(cursor)?;
    let most = kind.as_ref().map_or(scope.days, |kind| most(kind, scope.days));
    if !(1..=most).contains(&nth) {
        let range = cursor.range_since(start);
        let expected = match &kind {
            None | Some(DayKind::Day) => scope.expected.to_owned(),
            Some(_) => format!("a number from first to {most}{}", ending(most)),
        };
        let kind = SyntaxErrorKind::Bound;
        return Err(SyntaxError::new(kind, cursor.text(), range, expected));
    }
    match (nth, from_end, kind) {
        (1, true, None | Some(DayKind::Day)) => Ok(DayRule::Plain(Day::Last)),
        (_, true, None) => Err(cursor.error(SyntaxErrorKind::Unexpected, KINDS)),
        (_, false, None) if ORDINALS.contains(&word) => Err(cursor.error(SyntaxErrorKind::Unexpected, KINDS)),
        (_, false, None | Some(DayKind::Day)) => Ok(DayRule::Plain(Day::Nth(nth))),
        (_, _, Some(kind)) => Ok(DayRule::Counted { nth, from_end, kind }),
    }
}

/// The maximum number of days of a kind.
fn most(kind: &DayKind, days: u8) -> u8 {
    match kind {
        DayKind::Day => days,
        DayKind::On(_) => days.div_ceil(7),
        DayKind::Weekday | DayKind::Business(_) => days.div_ceil(7) * 5,
    }
}

/// The number of `3rd`, `3.`, `3` or `third`.
fn nth(word: &str) -> Option<u8> {
    let named = ORDINALS.iter().position(|name| *name == word);
    named
        .and_then(|index| u8::try_from(index + 1).ok())
        .or_else(|| ordinal(word))
}

/// In `5st`, the ending is wrong, not the number.
fn misspelt(cursor: &Cursor<'_>, word: &str, scope: Scope<'_>) -> SyntaxError {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = digits.parse().ok().filter(|day| (1..=scope.days).contains(day));
    let suggestion = number.map(|day| format!("{day}{}", ending(day)));
    cursor
        .error(SyntaxErrorKind::Bound, scope.expected)
        .suggest(suggestion)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// Returns true if a word begins the kind of day that a number counts.
fn names_kind(word: Option<&str>) -> bool {
    word.is_some_and(|word| {
        matches!(singular(word), "day" | "weekday" | "business") || weekday(word).is_some()
    })
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s')
        .filter(|word| *word != "busines")
        .unwrap_or(word)
}

/// The number of `Monday`, `Mondays` or `Mon`.
fn weekday(word: &str) -> Option<u8> {
    spelled(word, &WEEKDAYS).or_else(|| spelled(singular(word), &WEEKDAYS))
}

/// Takes the kind of day that is counted, or fails.
fn expect_kind(cursor: &mut Cursor<'_>) -> Result<DayKind> {
    kind(cursor)?.ok_or_else(|| cursor.error(SyntaxErrorKind::Unexpected, KINDS))
}

fn kind(cursor: &mut Cursor<'_>) -> Result<Option<DayKind>> {
    let Some(word) = cursor.word() else {
        return Ok(None);
    };
    let kind = match singular(word) {
        "day" => DayKind::Day,
        "weekday" => DayKind::Weekday,
        "business" => {
            cursor.advance();
            cursor.expect_any(&[("day", ()), ("days", ())])?;
            return calendar(cursor).map(DayKind::Business).map(Some);
        }
        _ => match weekday(word) {
            Some(day) => DayKind::On(day),
            None => return Ok(None),
        },
    };
    cursor.advance();
    Ok(Some(kind))
}

/// `of 'nyse'`
pub(super) fn calendar(cursor: &mut Cursor<'_>) -> Result<String> {
    if cursor.word() != Some("of") || cursor.kind_at(1) != Some(TokenKind::Quoted) {
        let expected = "`of` and the name of a calendar in quotes after `business day`";
        return Err(cursor.error(SyntaxErrorKind::Unexpected, expected));
    }
    cursor.advance();
    cursor.name("the name of a calendar")
}
