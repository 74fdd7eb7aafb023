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

/// Parses a condition, without knowing which custom conditions there are.
///
/// A term that is no built-in condition becomes [`CondExpr::Custom`] with the text of the term, unless it looks
/// like a built-in one with a slip in it.
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
/// When the text is no condition; the error says where, why, and what probably was meant.
pub fn parse_condition(text: &str) -> Result<CondExpr> {
    parse(text, Custom::Plausible)
}

/// Parses a condition of built-in terms only.
///
/// # Errors
/// As [`parse_condition`], and for every phrase of a custom condition.
pub fn parse_strict(text: &str) -> Result<CondExpr> {
    parse(text, Custom::Known(&|_| false))
}

/// Parses a condition whose custom phrases are those that `is_known` accepts.
///
/// It is asked with the text of a term, in which runs of white space outside quotes are one blank.
/// A built-in condition goes before a phrase that reads the same.
///
/// # Errors
/// As [`parse_condition`], and for every phrase that is not accepted.
pub fn parse_condition_with(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<CondExpr> {
    parse(text, Custom::Known(is_known))
}

/// Returns true if the text is a condition of built-in terms only.
pub(crate) fn is_built_in(text: &str) -> bool {
    parse(text, Custom::Refused).is_ok()
}

impl FromStr for CondExpr {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self> {
        parse_condition(text)
    }
}

/// Which terms may be phrases of custom conditions.
#[derive(Clone, Copy)]
pub(crate) enum Custom<'p> {
    /// Whatever does not look like a built-in condition.
    Plausible,
    /// What the function accepts.
    Known(&'p dyn Fn(&str) -> bool),
    /// None, and nobody will read why.
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
