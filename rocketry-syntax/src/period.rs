//! Periods: `time of day after 10:00 & time of week on Monday`.

use std::ops::{BitAnd, BitOr};
use std::str::FromStr;

use crate::ast::{Anchored, PeriodExpr, Unit, Window};
use crate::cron::cron;
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::window::narrowed;

/// Parses a period.
///
/// ```
/// let period = rocketry_syntax::parse_period("time of week on Mon & time of day before 10 am")?;
/// assert_eq!(period.to_string(), "time of week on Monday & time of day before 10:00");
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
///
/// # Errors
/// When the text is no period; the error says where and why.
pub fn parse_period(text: &str) -> Result<PeriodExpr> {
    let mut cursor = Cursor::new(text)?;
    let period = period(&mut cursor)?;
    cursor.finish()?;
    Ok(period)
}

impl FromStr for PeriodExpr {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self> {
        parse_period(text)
    }
}

impl PeriodExpr {
    /// The time that belongs to every member; members of a member of the same kind become its own.
    ///
    /// One member is that member, none is [`PeriodExpr::Always`].
    pub fn all(members: impl IntoIterator<Item = Self>) -> Self {
        let open = |member| match member {
            Self::All(members) => Ok(members),
            other => Err(other),
        };
        join(members, open, Self::Always, Self::All)
    }

    /// The time that belongs to some member; members of a member of the same kind become its own.
    ///
    /// One member is that member, none is [`PeriodExpr::Never`].
    pub fn any(members: impl IntoIterator<Item = Self>) -> Self {
        let open = |member| match member {
            Self::Any(members) => Ok(members),
            other => Err(other),
        };
        join(members, open, Self::Never, Self::Any)
    }

    /// A window of a repeating unit.
    pub const fn anchored(unit: Unit, window: Window) -> Self {
        Self::Anchored(Anchored { unit, window })
    }
}

/// Joins members into one, where `open` gives the members of a member that is of the same kind already.
pub(crate) fn join<T>(
    members: impl IntoIterator<Item = T>,
    open: impl Fn(T) -> Result<Vec<T>, T>,
    none: T,
    whole: impl FnOnce(Vec<T>) -> T,
) -> T {
    let members = members.into_iter();
    // Most are kept as long as the app runs, and most have no such member.
    let mut flat = Vec::with_capacity(members.size_hint().0);
    for member in members {
        match open(member) {
            Ok(members) => flat.extend(members),
            Err(member) => flat.push(member),
        }
    }
    match flat.pop() {
        None => none,
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            whole(flat)
        }
    }
}

impl BitAnd for PeriodExpr {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::all([self, other])
    }
}

impl BitOr for PeriodExpr {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::any([self, other])
    }
}

/// Takes a period.
pub(crate) fn period(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let first = conjunction(cursor)?;
    if cursor.kind() != Some(TokenKind::Or) {
        return Ok(first);
    }
    let mut members = vec![first];
    while cursor.eat_sign(TokenKind::Or) {
        members.push(conjunction(cursor)?);
    }
    Ok(PeriodExpr::any(members))
}

fn conjunction(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let first = atom(cursor)?;
    if cursor.kind() != Some(TokenKind::And) {
        return Ok(first);
    }
    let mut members = vec![first];
    while cursor.eat_sign(TokenKind::And) {
        members.push(atom(cursor)?);
    }
    Ok(PeriodExpr::all(members))
}

#[derive(Clone, Copy)]
enum Head {
    Time,
    AnyTime,
    Past,
    Cron,
    Always,
    Never,
}

const HEADS: [(&str, Head); 8] = [
    ("time", Head::Time),
    ("any", Head::AnyTime),
    ("every", Head::Past),
    ("past", Head::Past),
    ("cron", Head::Cron),
    ("crontime", Head::Cron),
    ("always", Head::Always),
    ("never", Head::Never),
];

fn atom(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    match cursor.kind() {
        Some(TokenKind::Open) => return cursor.group(period),
        Some(TokenKind::Not) => {
            return Err(cursor.error(SyntaxErrorKind::Unexpected, "a period, which cannot be negated"));
        }
        _ => {}
    }
    let head = cursor.expect_any(&HEADS).map_err(|mut error| {
        error.expected.insert_str(0, "a period that begins with ");
        error
    })?;
    match head {
        Head::Time => time_of(cursor),
        Head::AnyTime => any_time_of(cursor),
        Head::Past => positive_delta(cursor).map(PeriodExpr::Past),
        Head::Cron => cron(cursor).map(PeriodExpr::Cron),
        Head::Always => Ok(PeriodExpr::Always),
        Head::Never => Ok(PeriodExpr::Never),
    }
}

/// What follows the `time` of `time of day after 10:00`.
pub(crate) fn time_of(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    cursor.expect("of")?;
    let unit = cursor.expect_any(&Unit::names())?;
    Ok(PeriodExpr::anchored(unit, narrowed(cursor, unit)?))
}

/// What follows the `any` of `any time of day`.
pub(crate) fn any_time_of(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    cursor.expect("time")?;
    cursor.expect("of")?;
    let unit = cursor.expect_any(&Unit::names())?;
    Ok(PeriodExpr::anchored(unit, Window::Full))
}
