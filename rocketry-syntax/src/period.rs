//! Periods: `time of day after 10:00 & time of week on Monday`.

use std::ops::{BitAnd, BitOr};
use std::str::FromStr;

use crate::ast::{Anchored, Days, Interval, PeriodExpr, Series, Unit, Window, Zoned};
use crate::bound::{Edge, days, moment};
use crate::cron::cron;
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::every::{Repeated, repeated};
use crate::lexer::TokenKind;
use crate::window::{narrowed, window};

/// Parses a period.
///
/// ```
/// let period = rocketry_syntax::parse_period("time of week on Mon & time of day before 10 am")?;
/// assert_eq!(period.to_string(), "time of week on Monday & time of day before 10:00");
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
///
/// # Errors
/// Returns an error if the text is not a period. The error explains where and why.
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
    /// Creates the intersection of all members. Nested intersections are flattened.
    ///
    /// A single member is returned unchanged; without members, the period is [`PeriodExpr::Always`].
    pub fn all(members: impl IntoIterator<Item = Self>) -> Self {
        let open = |member| match member {
            Self::All(members) => Ok(members),
            other => Err(other),
        };
        join(members, open, Self::Always, Self::All)
    }

    /// Creates the union of all members. Nested unions are flattened.
    ///
    /// A single member is returned unchanged; without members, the period is [`PeriodExpr::Never`].
    pub fn any(members: impl IntoIterator<Item = Self>) -> Self {
        let open = |member| match member {
            Self::Any(members) => Ok(members),
            other => Err(other),
        };
        join(members, open, Self::Never, Self::Any)
    }

    /// Creates a window of a repeating unit.
    pub const fn anchored(unit: Unit, window: Window) -> Self {
        Self::Anchored(Anchored { unit, window })
    }
}

/// Joins members and flattens those for which `open` returns nested members.
pub(crate) fn join<T>(
    members: impl IntoIterator<Item = T>,
    open: impl Fn(T) -> Result<Vec<T>, T>,
    none: T,
    whole: impl FnOnce(Vec<T>) -> T,
) -> T {
    let members = members.into_iter();
    // Most lists live as long as the app, and most have nothing to flatten.
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
    From,
    Until,
    On,
    Once,
    Always,
    Never,
}

const HEADS: [(&str, Head); 12] = [
    ("time", Head::Time),
    ("any", Head::AnyTime),
    ("every", Head::Past),
    ("past", Head::Past),
    ("cron", Head::Cron),
    ("crontime", Head::Cron),
    ("from", Head::From),
    ("until", Head::Until),
    ("on", Head::On),
    ("once", Head::Once),
    ("always", Head::Always),
    ("never", Head::Never),
];

fn atom(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    match cursor.kind() {
        Some(TokenKind::Open) => {
            let group = cursor.group(period)?;
            return zoned(cursor, group);
        }
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
        Head::Past => every(cursor),
        Head::Cron => cron_period(cursor),
        Head::From => from(cursor),
        Head::Until => until(cursor),
        Head::On => on_days(cursor),
        Head::Once => once_at(cursor),
        Head::Always => Ok(PeriodExpr::Always),
        Head::Never => Ok(PeriodExpr::Never),
    }
}

/// The part after `time` in `time of day after 10:00`.
pub(crate) fn time_of(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    cursor.expect("of")?;
    let unit = cursor.expect_any(&Unit::names())?;
    let window = narrowed(cursor, unit)?;
    placed(cursor, unit, window)
}

/// The part after `any` in `any time of day`.
pub(crate) fn any_time_of(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    cursor.expect("time")?;
    cursor.expect("of")?;
    let unit = cursor.expect_any(&Unit::names())?;
    placed(cursor, unit, Window::Full)
}

/// The part after a unit: `after 10:00 on weekdays in America/New_York`.
pub(crate) fn in_unit(cursor: &mut Cursor<'_>, unit: Unit) -> Result<PeriodExpr> {
    let window = window(cursor, unit)?;
    placed(cursor, unit, window)
}

/// Takes the days on which a daily window starts, and the zone.
fn placed(cursor: &mut Cursor<'_>, unit: Unit, window: Window) -> Result<PeriodExpr> {
    let days = days_filter(cursor, unit)?;
    let period = PeriodExpr::anchored(unit, window).on_days(days);
    zoned(cursor, period)
}

/// `on weekdays`
pub(crate) fn days_filter(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Vec<Days>> {
    if unit == Unit::Day && cursor.word() == Some("on") {
        cursor.advance();
        return days(cursor);
    }
    Ok(Vec::new())
}

/// The part after `cron` or `crontime`.
pub(crate) fn cron_period(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let period = PeriodExpr::Cron(cron(cursor)?);
    zoned(cursor, period)
}

/// The part after `from`.
pub(crate) fn from(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let period = PeriodExpr::From(moment(cursor, Edge::Start)?);
    zoned(cursor, period)
}

/// The part after `until`.
pub(crate) fn until(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let period = PeriodExpr::Until(moment(cursor, Edge::End)?);
    zoned(cursor, period)
}

/// The part after `on`.
pub(crate) fn on_days(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let period = PeriodExpr::On(days(cursor)?);
    zoned(cursor, period)
}

/// The part after `once` in `once at 2026-07-04 12:00`.
pub(crate) fn once_at(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    cursor.expect_any(&[("at", ()), ("on", ())])?;
    let period = PeriodExpr::At(moment(cursor, Edge::Start)?);
    zoned(cursor, period)
}

/// The part after `past`, or `every` in a period.
fn every(cursor: &mut Cursor<'_>) -> Result<PeriodExpr> {
    let range = cursor.range();
    match repeated(cursor)? {
        Repeated::Period(period) => Ok(period),
        Repeated::Interval(Interval::Time(past)) => Ok(PeriodExpr::Past(past)),
        Repeated::Interval(Interval::Months(_)) => {
            let kind = SyntaxErrorKind::Duration;
            Err(SyntaxError::new(
                kind,
                cursor.text(),
                range,
                "a length of time in weeks or less",
            ))
        }
    }
}

/// Takes the zone of a period, if present.
pub(crate) fn zoned(cursor: &mut Cursor<'_>, period: PeriodExpr) -> Result<PeriodExpr> {
    Ok(match zone(cursor) {
        Some(zone) => period.in_zone(zone),
        None => period,
    })
}

/// Takes a zone, if present: `in America/New_York`.
pub(crate) fn zone<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let zone = cursor.word_at(1).filter(|zone| is_zone(zone))?;
    if cursor.word() != Some("in") {
        return None;
    }
    cursor.advance();
    cursor.advance();
    Some(zone)
}

/// Returns true if a word has the form of a zone name. Only the runtime knows which zones exist.
fn is_zone(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'+' | b'-'))
}

impl PeriodExpr {
    /// Returns the part of the period that starts on the given days; no days means all. Supports daily
    /// windows only.
    #[must_use]
    pub fn on_days(self, days: Vec<Days>) -> Self {
        match self {
            Self::Anchored(anchored) if !days.is_empty() => Self::Series(Box::new(Series {
                every: 1,
                anchored,
                days,
                from: None,
                until: None,
            })),
            other => other,
        }
    }

    /// Returns the same period in a time zone. Parts with a zone keep it.
    ///
    /// ```
    /// let period = rocketry_syntax::parse_period("time of day after 09:30 & past 1 hour")?;
    /// let there = period.in_zone("Asia/Tokyo");
    /// assert_eq!(there.to_string(), "time of day after 09:30 in Asia/Tokyo & past 1 hour");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub fn in_zone(self, zone: &str) -> Self {
        let each = |members: Vec<Self>| members.into_iter().map(|member| member.in_zone(zone)).collect();
        match self {
            Self::All(members) => Self::All(each(members)),
            Self::Any(members) => Self::Any(each(members)),
            Self::Always | Self::Never | Self::Past(_) | Self::Zoned(_) => self,
            period => Self::Zoned(Box::new(Zoned {
                zone: zone.to_owned(),
                period,
            })),
        }
    }
}
