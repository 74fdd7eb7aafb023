//! Lists: `06:00, 18:00`, `Mon, Wed, Fri 07:00`, and the days of `on weekdays, December 25th, 'holidays'`.

use super::calendar::{self, MONTHS, WEEKDAYS, spelled};
use super::rule::{self, Scope};
use super::{BoundValue, Edge, bound, clock, date};
use crate::ast::{Bound, Days, Unit, Window};
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::suggest::nearest;

const WORKDAYS: std::ops::Range<u8> = 0..5;
const WEEKEND: std::ops::Range<u8> = 5..7;

const DAYS_EXPECTED: &str =
    "days such as `Monday`, `weekdays`, `1st`, `first Monday`, `December 25th`, `2026-12-25` or `'holidays'`";

impl Window {
    /// Creates a window of one sub-unit from each of several starts. A bare day has the time of the next day
    /// that has one.
    ///
    /// ```
    /// use rocketry_syntax::BoundValue::{Integer, Text};
    /// use rocketry_syntax::ast::{Unit, Window};
    ///
    /// let days = Window::each(Unit::Week, &[Integer(1), Text("Fri 07:00")])?;
    /// assert_eq!(days, Window::on(Unit::Week, "Mon, Fri 07:00")?);
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if there are no bounds, or if one does not fit the unit.
    pub fn each(unit: Unit, starts: &[BoundValue<'_>]) -> Result<Self> {
        let mut bounds = Vec::with_capacity(starts.len());
        for &start in starts {
            match start {
                BoundValue::Text(text) => bounds.extend(listed(text, unit)?),
                number => bounds.push(Bound::start(unit, number)?),
            }
        }
        let mut time = None;
        for bound in bounds.iter_mut().rev() {
            time = bound.time().or(time);
            if bound.is_bare_day() {
                bound.set_time(time);
            }
        }
        if bounds.is_empty() {
            let error = Cursor::new("")?.error(SyntaxErrorKind::Bound, "at least one place in the unit");
            return Err(error);
        }
        Ok(Self::of_starts(bounds))
    }

    pub(crate) fn of_starts(mut starts: Vec<Bound>) -> Self {
        let mut seen = Vec::with_capacity(starts.len());
        starts.retain(|start| {
            let new = !seen.contains(start);
            if new {
                seen.push(start.clone());
            }
            new
        });
        match starts.pop() {
            Some(only) if starts.is_empty() => Self::On(only),
            Some(last) => {
                starts.push(last);
                Self::Each(starts)
            }
            None => Self::Full,
        }
    }

    /// Returns the same days at other times: `weekly.on([Mon, Fri]).at("07:00")`. `None` without bare days.
    ///
    /// # Errors
    /// Returns an error if one is not a time of day.
    pub fn with_times(&self, times: &[BoundValue<'_>]) -> Result<Option<Self>> {
        let days = match self {
            Self::On(day) => std::slice::from_ref(day),
            Self::Each(days) => days,
            _ => return Ok(None),
        };
        if !days.iter().all(Bound::is_bare_day) {
            return Ok(None);
        }
        let times = match Self::each(Unit::Day, times)? {
            Self::On(time) => vec![time],
            Self::Each(times) => times,
            _ => return Ok(None),
        };
        let micros = times.iter().filter_map(|time| match time {
            Bound::Clock(micros) => Some(*micros),
            _ => None,
        });
        let starts = micros.flat_map(|micros| {
            days.iter().cloned().map(move |mut day| {
                day.set_time(Some(micros));
                day
            })
        });
        Ok(Some(Self::of_starts(starts.collect())))
    }
}

/// The bounds in a text.
pub(crate) fn listed(text: &str, unit: Unit) -> Result<Vec<Bound>> {
    let mut cursor = Cursor::new(text)?;
    let bounds = starts(&mut cursor, unit)?;
    if cursor.peek().is_some() {
        return Err(cursor.error(SyntaxErrorKind::Bound, "the end of the bound"));
    }
    Ok(bounds)
}

/// Takes the starts of windows of `unit`, with commas between them.
pub(crate) fn starts(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Vec<Bound>> {
    cursor.split_commas();
    if unit >= Unit::Week {
        return dated(cursor, unit);
    }
    let mut starts = vec![bound(cursor, unit, Edge::Start)?];
    while cursor.eat_comma() {
        starts.push(bound(cursor, unit, Edge::Start)?);
    }
    Ok(starts)
}

/// A time applies to all preceding days without one; further times apply to the same days.
fn dated(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Vec<Bound>> {
    let mut all: Vec<Bound> = Vec::new();
    let (mut group, mut is_timed) = (0, false);
    loop {
        if is_timed && clock::is_time_at(cursor, 0) {
            let time = calendar::time(cursor, Edge::Start)?;
            let mut again = all[group..].to_vec();
            for day in &mut again {
                day.set_time(time);
            }
            group = all.len();
            all.extend(again);
        } else {
            if is_timed {
                (group, is_timed) = (all.len(), false);
            }
            days_of(cursor, unit, &mut all)?;
            let takes_time = all.last().is_some_and(Bound::is_bare_day);
            if let Some(time) = calendar::time_after(cursor, takes_time)? {
                let bare = all[group..].iter_mut().filter(|day| day.is_bare_day());
                for day in bare {
                    day.set_time(Some(time));
                }
                is_timed = true;
            }
        }
        if !cursor.eat_comma() {
            return Ok(all);
        }
    }
}

/// Takes a day of the unit without a time, or several of a week that have one name.
fn days_of(cursor: &mut Cursor<'_>, unit: Unit, all: &mut Vec<Bound>) -> Result<()> {
    if unit == Unit::Week
        && let Some(days) = days_of_week(cursor)
    {
        all.extend(days.map(|day| Bound::Weekday { day, time: None }));
        return Ok(());
    }
    all.push(calendar::place(cursor, unit)?);
    Ok(())
}

/// `weekdays`, `weekends`
fn days_of_week(cursor: &mut Cursor<'_>) -> Option<std::ops::Range<u8>> {
    let days = match cursor.word()? {
        "weekdays" => WORKDAYS,
        "weekends" => WEEKEND,
        _ => return None,
    };
    cursor.advance();
    Some(days)
}

/// Parses days: `weekdays`, `first Monday, 15th`, `December 25th, 'holidays'`.
///
/// # Errors
/// Returns an error if the text does not name days. The error explains where and why.
pub fn parse_days(text: &str) -> Result<Vec<Days>> {
    let mut cursor = Cursor::new(text)?;
    let days = days(&mut cursor)?;
    if cursor.peek().is_some() {
        return Err(cursor.error(SyntaxErrorKind::Bound, "the end of the days"));
    }
    Ok(days)
}

/// Takes days, with commas between them.
pub(crate) fn days(cursor: &mut Cursor<'_>) -> Result<Vec<Days>> {
    cursor.split_commas();
    let mut all = Vec::new();
    loop {
        match days_of_week(cursor) {
            Some(days) => all.extend(days.map(Days::Weekday)),
            None => all.push(item(cursor)?),
        }
        if !cursor.eat_comma() {
            return Ok(all);
        }
    }
}

fn item(cursor: &mut Cursor<'_>) -> Result<Days> {
    if cursor.kind() == Some(TokenKind::Quoted) {
        return cursor.name("the name of a calendar").map(Days::Calendar);
    }
    let word = cursor.word().unwrap_or_default();
    if word == "business" && cursor.word_at(1) == Some("days") {
        cursor.advance();
        cursor.advance();
        return rule::calendar(cursor).map(Days::Business);
    }
    if date::is_date(word) {
        return date::date(cursor).map(Days::Date);
    }
    if let Some(day) = spelled(word, &WEEKDAYS) {
        cursor.advance();
        return Ok(Days::Weekday(day));
    }
    if spelled(word, &MONTHS).is_some() || calendar::is_of_month(cursor) {
        let (month, day) = calendar::day_of_year(cursor)?;
        let day = day.ok_or_else(|| cursor.error(SyntaxErrorKind::Bound, "a day of the month"))?;
        let month = Some(month);
        return Ok(Days::Ruled { month, day });
    }
    if !rule::begins(cursor) {
        return Err(unknown_day(cursor, word));
    }
    let scope = Scope {
        days: 31,
        expected: DAYS_EXPECTED,
    };
    let day = rule::rule(cursor, scope)?;
    Ok(Days::Ruled { month: None, day })
}

fn unknown_day(cursor: &Cursor<'_>, word: &str) -> SyntaxError {
    let names = WEEKDAYS
        .iter()
        .chain(&MONTHS)
        .copied()
        .chain(["weekdays", "weekends"]);
    let error = cursor.error(SyntaxErrorKind::Bound, DAYS_EXPECTED);
    error.suggest(nearest(word, names))
}
