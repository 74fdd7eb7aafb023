//! A term: what stands between the signs of logic.

use super::{Custom, head};
use crate::ast::{Basis, CondExpr, Every, Once, PeriodExpr, Retry, Since, Unit};
use crate::cron::cron;
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::period::{any_time_of, period, time_of};
use crate::suggest::nearest;
use crate::window::window;

/// Takes a term: a built-in condition, or else the phrase of a custom one.
pub(super) fn term(cursor: &mut Cursor<'_>, custom: Custom<'_>) -> Result<CondExpr> {
    let start = cursor.position();
    match built_in(cursor) {
        Ok(Some(condition)) => Ok(condition),
        Ok(None) => phrase(cursor, start, custom, None),
        Err(error) => phrase(cursor, start, custom, Some(error)),
    }
}

/// Takes the phrase that starts at `start`, if there may be such a phrase.
///
/// `mistake` is why the term is no built-in condition, where it begins like one.
fn phrase(
    cursor: &mut Cursor<'_>,
    start: usize,
    custom: Custom<'_>,
    mistake: Option<SyntaxError>,
) -> Result<CondExpr> {
    cursor.rewind(start);
    let (first, second) = (cursor.word(), cursor.word_at(1));
    let claimed = first.is_some_and(|first| head::is_claimed(first, second));
    while matches!(cursor.kind(), Some(TokenKind::Word | TokenKind::Quoted)) {
        cursor.advance();
    }
    let text = normal(cursor.text(), cursor, start);
    let accepted = cursor.ends_term()
        && match custom {
            Custom::Plausible => !claimed,
            Custom::Known(is_known) => is_known(&text),
        };
    if accepted {
        return Ok(CondExpr::Custom(text));
    }
    match mistake {
        Some(mistake) if claimed => Err(mistake),
        _ if !cursor.ends_term() && !claimed => Err(cursor.leftover()),
        _ => Err(unknown(cursor, start, first)),
    }
}

/// The text of the tokens from `start` to here, separated by single blanks where there is space.
fn normal(text: &str, cursor: &Cursor<'_>, start: usize) -> String {
    let range = cursor.range_since(start);
    let mut normal = String::with_capacity(range.len());
    let mut end = range.start;
    for token in cursor.tokens_since(start) {
        if token.start > end {
            normal.push(' ');
        }
        normal.push_str(&text[token.clone()]);
        end = token.end;
    }
    normal
}

/// The error of a term that is no known condition: about its first word if that is a slip, else all of it.
fn unknown(cursor: &Cursor<'_>, start: usize, first: Option<&str>) -> SyntaxError {
    let range = cursor.range_since(start);
    let slip = first.and_then(|first| {
        let nearest = nearest(first, head::words()).filter(|&word| word != first);
        Some((first, head::sign_of(first).or(nearest)?))
    });
    let end = slip.map_or(range.end, |(first, _)| range.start + first.len());
    let kind = SyntaxErrorKind::UnknownPhrase;
    SyntaxError::new(kind, cursor.text(), range.start..end, "a known condition")
        .suggest(slip.map(|(_, suggestion)| suggestion))
}

/// Takes a built-in condition; `None` when the first word is no beginning of one.
fn built_in(cursor: &mut Cursor<'_>) -> Result<Option<CondExpr>> {
    let Some(head) = cursor.word().and_then(head::head) else {
        return Ok(None);
    };
    cursor.advance();
    let condition = (head.rest)(cursor)?;
    if cursor.ends_term() {
        Ok(Some(condition))
    } else {
        Err(cursor.leftover())
    }
}

/// What follows `always`: nothing, `true` or `false`.
pub(super) fn always(cursor: &mut Cursor<'_>) -> CondExpr {
    let value = cursor.eat_any(&[("true", true), ("false", false)]);
    CondExpr::Constant(value.unwrap_or(true))
}

/// What follows the `time` of `time of day after 10:00`.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    time_of(cursor).map(CondExpr::TimeOf)
}

/// What follows the `any` of `any time of day`.
pub(super) fn any_time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    any_time_of(cursor).map(CondExpr::TimeOf)
}

/// What follows the `in` of `in (past 1 hour)`.
pub(super) fn in_period(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    cursor.group(period).map(CondExpr::TimeOf)
}

/// What follows `cron`.
pub(super) fn cron_start(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    Ok(once(None, PeriodExpr::Cron(cron(cursor)?), Basis::Start, 0))
}

/// What follows `crontime`.
pub(super) fn cron_time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    Ok(CondExpr::TimeOf(PeriodExpr::Cron(cron(cursor)?)))
}

/// What follows `every`.
pub(super) fn every(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    const SINCE: [(&str, Since); 4] = [
        ("success", Since::Success),
        ("fail", Since::Fail),
        ("finish", Since::Finish),
        ("start", Since::Start),
    ];
    let interval = positive_delta(cursor)?;
    let since = if cursor.eat("based") {
        cursor.expect("on")?;
        cursor.expect_any(&SINCE)?
    } else {
        Since::default()
    };
    Ok(CondExpr::Every(Every { interval, since }))
}

/// What follows `daily`.
pub(super) fn cycle(cursor: &mut Cursor<'_>, unit: Unit) -> Result<CondExpr> {
    let period = PeriodExpr::anchored(unit, window(cursor, unit)?);
    Ok(once(None, period, Basis::Finish, retries(cursor)?))
}

/// What follows `once`.
pub(super) fn once_per(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    cursor.expect("per")?;
    let period = cursor.group(period)?;
    Ok(once(task, period, Basis::Finish, retries(cursor)?))
}

/// What follows `one`.
pub(super) fn one_start_per(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    cursor.expect("start")?;
    cursor.expect("per")?;
    Ok(once(task, cursor.group(period)?, Basis::Start, 0))
}

/// `with 3 retries`
fn retries(cursor: &mut Cursor<'_>) -> Result<u32> {
    if !cursor.eat("with") {
        return Ok(0);
    }
    let retries = cursor.number()?;
    cursor.expect_any(&[("retries", ()), ("retry", ())])?;
    Ok(retries)
}

fn once(task: Option<String>, period: PeriodExpr, basis: Basis, retries: u32) -> CondExpr {
    CondExpr::Once(Once {
        task,
        period,
        basis,
        retries,
    })
}

/// What follows `retry`.
pub(super) fn retry(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    let counted = cursor.word().is_some_and(|word| word != "with");
    let limit = if counted {
        let limit = cursor.number()?;
        cursor.expect_any(&[("times", ()), ("time", ())])?;
        Some(limit)
    } else {
        None
    };
    let backoff = if cursor.eat("with") {
        cursor.expect("backoff")?;
        Some(positive_delta(cursor)?)
    } else {
        None
    };
    Ok(CondExpr::Retry(Retry { limit, backoff }))
}
