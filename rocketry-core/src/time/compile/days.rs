//! From the trees of rules and days to days.

use rocketry_syntax::ast::{DayKind, DayRule, Days as DaysExpr, Moment};

use super::invalid::{Calendars, InvalidPeriod, Result};
use super::moment::day;
use crate::time::dates::Dates;
use crate::time::days::{DaySet, Days};
use crate::time::pick::{Kind, Pick};

/// The most days that a rule may count.
const MOST: u8 = 92;

/// The most days of a kind that a rule may move another day by: a month.
const fn farthest(kind: &DayKind) -> u8 {
    match kind {
        DayKind::Day => 31,
        DayKind::Weekday | DayKind::Business(_) => 23,
        DayKind::On(_) => 5,
    }
}

/// The rule that picks a day.
pub(super) fn pick(rule: &DayRule, calendars: Calendars<'_>) -> Result<Pick> {
    let step = |before: bool| if before { -1 } else { 1 };
    Ok(match rule {
        DayRule::Plain(day) => Pick::Plain(*day),
        DayRule::Counted { nth, from_end, kind } => Pick::Counted(
            step(*from_end) * number(*nth, MOST)?,
            self::kind(kind, calendars)?,
        ),
        DayRule::Moved {
            by,
            before,
            kind,
            from,
        } => Pick::Moved(
            step(*before) * number(*by, farthest(kind))?,
            self::kind(kind, calendars)?,
            Box::new(pick(from, calendars)?),
        ),
        DayRule::Nearest { day, before, kind } => Pick::Nearest(
            step(*before),
            self::kind(kind, calendars)?,
            Box::new(pick(day, calendars)?),
        ),
    })
}

fn number(number: u8, most: u8) -> Result<i64> {
    if (1..=most).contains(&number) {
        Ok(number.into())
    } else {
        Err(InvalidPeriod(format!(
            "{number} is not a number from 1 to {most}"
        )))
    }
}

fn kind(kind: &DayKind, calendars: Calendars<'_>) -> Result<Kind> {
    Ok(match kind {
        DayKind::Day => Kind::Any,
        DayKind::Weekday => Kind::WEEKDAY,
        DayKind::On(day) => Kind::OfWeek(of_week(*day)?),
        DayKind::Business(name) => Kind::Business(calendar(name, calendars)?),
    })
}

/// The set that has one day of the week.
pub(super) fn of_week(day: u8) -> Result<u8> {
    if day < 7 {
        Ok(1 << day)
    } else {
        Err(InvalidPeriod(format!(
            "{day} is not a day of the week from 0 to 6"
        )))
    }
}

fn calendar(name: &str, calendars: Calendars<'_>) -> Result<Dates> {
    calendars(name).map_err(InvalidPeriod)
}

/// The days that a list names; `None` if it is empty, which means any.
pub(super) fn filter(list: &[DaysExpr], calendars: Calendars<'_>) -> Result<Option<Days>> {
    if list.is_empty() {
        return Ok(None);
    }
    days(list, calendars).map(Some)
}

/// The days that a list names.
pub(super) fn days(list: &[DaysExpr], calendars: Calendars<'_>) -> Result<Days> {
    let mut sets = Vec::with_capacity(list.len());
    let mut weekdays = 0;
    for item in list {
        match item {
            DaysExpr::Weekday(day) => weekdays |= of_week(*day)?,
            other => sets.push(set(other, calendars)?),
        }
    }
    if weekdays != 0 {
        sets.push(DaySet::Of(Kind::OfWeek(weekdays)));
    }
    Ok(Days(sets.into()))
}

fn set(item: &DaysExpr, calendars: Calendars<'_>) -> Result<DaySet> {
    Ok(match item {
        DaysExpr::Weekday(day) => DaySet::Of(Kind::OfWeek(of_week(*day)?)),
        DaysExpr::Ruled { month: None, day } => DaySet::Monthly(pick(day, calendars)?),
        DaysExpr::Ruled {
            month: Some(month),
            day,
        } => {
            if !(1..=12).contains(month) {
                return Err(InvalidPeriod(format!("{month} is not a month from 1 to 12")));
            }
            DaySet::Yearly(i64::from(*month) - 1, pick(day, calendars)?)
        }
        DaysExpr::Date(date) => DaySet::Date(day(&Moment {
            date: *date,
            time: None,
        })),
        DaysExpr::Calendar(name) => DaySet::Dates(calendar(name, calendars)?),
        DaysExpr::Business(name) => DaySet::Of(Kind::Business(calendar(name, calendars)?)),
    })
}
