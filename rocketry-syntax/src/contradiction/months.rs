//! The occurrences of a window in months, quarters or years of the calendar.

use std::ops::Range;

use super::civil::{first_day, month_of};
use super::clocks::covered;
use super::picked::{Unknown, picked};
use super::stretches::{Ranges, merged, one};
use crate::ast::{Anchored, Bound, Day, DayRule, Unit, Window};
use crate::duration::DAY;

/// How many units away from its own an occurrence may last: a rule may pick a day of another month.
const SPILL: u64 = 4;

/// The times of some days at which a window may be open.
pub(super) fn occurrences(anchored: &Anchored, within: &Range<u64>) -> Ranges {
    let length = match anchored.unit {
        Unit::Quarter => 3,
        Unit::Year => 12,
        _ => 1,
    };
    let [first, last] = [within.start, within.end].map(|time| month_of(time / DAY) / length);
    let units = (first.saturating_sub(SPILL)..=last + SPILL).map(|unit| unit * length..(unit + 1) * length);
    let found: Result<Vec<Ranges>, Unknown> = units.map(|unit| in_unit(&anchored.window, &unit)).collect();
    found.map_or_else(
        |Unknown| one(within.clone()),
        |found| merged(found.into_iter().flatten().map(covered).collect()),
    )
}

/// The occurrence that starts in the unit of these months.
fn in_unit(window: &Window, unit: &Range<u64>) -> Result<Ranges, Unknown> {
    let whole = first_day(unit.start) * DAY..first_day(unit.end) * DAY;
    let (start, end) = match window {
        Window::Full | Window::Starting(_) => (Some(whole.start), whole.end),
        Window::After(bound) => (start_or_next(bound, unit)?, whole.end),
        Window::Before(bound) => (Some(whole.start), end_after(bound, whole.start, unit)?),
        Window::Between(first, last) if is_late(first) && is_late(last) => return Err(Unknown),
        Window::Between(first, last) => match start_or_next(first, unit)? {
            Some(start) => (Some(start), end_after(last, start, unit)?),
            None => return Ok(Vec::new()),
        },
        Window::On(bound @ Bound::YearDay { day: None, .. }) => (start(bound, unit)?, end(bound, unit)?),
        Window::On(bound) => {
            let start = start(bound, unit)?;
            (start, start.unwrap_or(0) + DAY)
        }
        Window::Each(starts) => {
            let each = starts
                .iter()
                .map(|start| in_unit(&Window::On(start.clone()), unit));
            return Ok(each.collect::<Result<Vec<_>, _>>()?.concat());
        }
    };
    Ok(start.map(|start| start..end).into_iter().collect())
}

/// Returns true if not every month has the day, or if it may be the last: which of two such days comes first varies.
fn is_late(bound: &Bound) -> bool {
    match bound {
        Bound::MonthDay { day, .. } | Bound::YearDay { day: Some(day), .. } => {
            matches!(day, Day::Last | Day::Nth(28..))
        }
        _ => false,
    }
}

/// The time of a bound in a unit: the day, the time after its start, and the end of its month.
type Place = (Option<u64>, Option<u64>, u64);

fn place(bound: &Bound, unit: &Range<u64>) -> Result<Place, Unknown> {
    let (month, rule, time) = match bound {
        Bound::YearDay { month, day, time } => (Some(*month), day.map(DayRule::Plain), *time),
        Bound::MonthDay { day, time } => (None, Some(DayRule::Plain(*day)), *time),
        Bound::Ruled(ruled) => (ruled.month, Some(ruled.day.clone()), ruled.time),
        // No bound of such a unit.
        Bound::Clock(_) | Bound::Weekday { .. } => return Err(Unknown),
    };
    let months = match month {
        Some(month) => {
            let month = unit.start + u64::from(month) - 1;
            month..month + 1
        }
        None => unit.clone(),
    };
    let days = first_day(months.start)..first_day(months.end);
    let day = match &rule {
        Some(rule) => picked(rule, &days)?,
        None => Some(days.start),
    };
    Ok((day.map(|day| day * DAY), time, days.end * DAY))
}

/// The start of a window that starts at the bound, if the unit has that day.
fn start(bound: &Bound, unit: &Range<u64>) -> Result<Option<u64>, Unknown> {
    let (day, time, _) = place(bound, unit)?;
    Ok(day.map(|day| day + time.unwrap_or(0)))
}

/// The start of a window with an end of its own: in a year without the day, it starts when the month has ended.
fn start_or_next(bound: &Bound, unit: &Range<u64>) -> Result<Option<u64>, Unknown> {
    let (_, _, month_end) = place(bound, unit)?;
    let is_year = unit.end - unit.start == 12;
    Ok(start(bound, unit)?.or(is_year.then_some(month_end)))
}

/// The end of a window that ends at the bound, including a bare day or month.
fn end(bound: &Bound, unit: &Range<u64>) -> Result<u64, Unknown> {
    let (day, time, month_end) = place(bound, unit)?;
    Ok(match (bound, day) {
        (Bound::YearDay { day: None, .. }, _) | (_, None) => month_end,
        (_, Some(day)) => day + time.unwrap_or(DAY),
    })
}

/// The first end after a start, in this unit or one of the next.
fn end_after(bound: &Bound, start: u64, unit: &Range<u64>) -> Result<u64, Unknown> {
    let length = unit.end - unit.start;
    for ahead in 0..=2 {
        let end = end(bound, &(unit.start + ahead * length..unit.end + ahead * length))?;
        if end > start {
            return Ok(end);
        }
    }
    Ok(start)
}
