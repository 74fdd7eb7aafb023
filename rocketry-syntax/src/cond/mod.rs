//! Conditions: `daily after 10:00 & ~task 'x' is running`.

mod count;
mod head;
mod schedule;
mod scheduler;
mod task;
mod term;

use std::str::FromStr;

use crate::ast::CondExpr;
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::period::zone;

/// Parses a condition without a list of custom conditions.
///
/// A term that is not a built-in condition becomes [`CondExpr::Custom`] with the text of the term, unless it looks
/// like a misspelt built-in one.
///
/// ```
/// use rocketry_syntax::{CondExpr, parse_condition};
///
/// let condition = parse_condition("daily after 10 am & is workday")?;
/// assert_eq!(condition.to_string(), "daily after 10:00 & is workday");
/// assert!(parse_condition("dailly after 10 am").is_err());
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
///
/// # Errors
/// Returns an error if the text is not a condition. The error explains where and why, and suggests a correction.
pub fn parse_condition(text: &str) -> Result<CondExpr> {
    parse(text, Custom::Plausible)
}

/// Parses a condition of built-in terms only.
///
/// # Errors
/// See [`parse_condition`]. Custom phrases are errors too.
pub fn parse_strict(text: &str) -> Result<CondExpr> {
    parse(text, Custom::Known(&|_| false))
}

/// Parses a condition that may contain the custom phrases that `is_known` accepts.
///
/// The argument of `is_known` is the text of a term; white space outside quotes is collapsed to single blanks.
/// A built-in condition takes precedence over a phrase with the same text.
///
/// # Errors
/// See [`parse_condition`]. Phrases that `is_known` rejects are errors too.
pub fn parse_condition_with(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<CondExpr> {
    parse(text, Custom::Known(is_known))
}

/// Returns true if the text is a condition with only built-in terms.
pub(crate) fn is_built_in(text: &str) -> bool {
    parse(text, Custom::Refused).is_ok()
}

impl FromStr for CondExpr {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self> {
        parse_condition(text)
    }
}

/// The accepted phrases of custom conditions.
#[derive(Clone, Copy)]
pub(crate) enum Custom<'p> {
    /// Any phrase that does not look like a built-in condition.
    Plausible,
    /// The phrases that the function accepts.
    Known(&'p dyn Fn(&str) -> bool),
    /// None; the error is not shown.
    Refused,
}

fn parse(text: &str, custom: Custom<'_>) -> Result<CondExpr> {
    let mut cursor = Cursor::new(text)?;
    let condition = disjunction(&mut cursor, custom)?;
    cursor.finish()?;
    Ok(condition)
}

fn disjunction(cursor: &mut Cursor<'_>, custom: Custom<'_>) -> Result<CondExpr> {
    let first = conjunction(cursor, custom)?;
    if cursor.kind() != Some(TokenKind::Or) {
        return Ok(first);
    }
    let mut members = vec![first];
    while cursor.eat_sign(TokenKind::Or) {
        members.push(conjunction(cursor, custom)?);
    }
    Ok(CondExpr::any(members))
}

fn conjunction(cursor: &mut Cursor<'_>, custom: Custom<'_>) -> Result<CondExpr> {
    let first = factor(cursor, custom)?;
    if cursor.kind() != Some(TokenKind::And) {
        return Ok(first);
    }
    let mut members = vec![first];
    while cursor.eat_sign(TokenKind::And) {
        members.push(factor(cursor, custom)?);
    }
    Ok(CondExpr::all(members))
}

fn factor(cursor: &mut Cursor<'_>, custom: Custom<'_>) -> Result<CondExpr> {
    match cursor.kind() {
        Some(TokenKind::Not) => {
            cursor.advance();
            Ok(!cursor.nested(|cursor| factor(cursor, custom))?)
        }
        Some(TokenKind::Open) => {
            let group = cursor.group(|cursor| disjunction(cursor, custom))?;
            Ok(match zone(cursor) {
                Some(zone) => group.in_zone(zone),
                None => group,
            })
        }
        Some(TokenKind::Word | TokenKind::Quoted) => term::term(cursor, custom),
        _ => Err(cursor.error(SyntaxErrorKind::Unexpected, "a condition")),
    }
}
