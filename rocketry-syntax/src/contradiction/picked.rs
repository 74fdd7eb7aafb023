//! The day that a rule picks out of a month, a quarter or a year.

use std::ops::Range;

use super::civil::weekday;
use crate::ast::{Day, DayKind, DayRule};

/// How far away a day of some kind may be.
const FARTHEST: usize = 7;

/// A rule that depends on a calendar of the app, which is not known here.
pub(super) struct Unknown;

/// The day that the rule picks; none if the range has no such day.
pub(super) fn picked(rule: &DayRule, range: &Range<u64>) -> Result<Option<u64>, Unknown> {
    match rule {
        DayRule::Plain(Day::Last) => Ok(Some(range.end - 1)),
        DayRule::Plain(Day::Nth(nth)) => {
            Ok(Some(range.start + u64::from(*nth) - 1).filter(|day| range.contains(day)))
        }
        DayRule::Counted { nth, from_end, kind } => {
            let nth = usize::from(*nth).saturating_sub(1);
            let is = kind_of(kind)?;
            Ok(if *from_end {
                range.clone().rev().filter(|day| is(*day)).nth(nth)
            } else {
                range.clone().filter(|day| is(*day)).nth(nth)
            })
        }
        DayRule::Moved {
            by,
            before,
            kind,
            from,
        } => {
            let is = kind_of(kind)?;
            let step = |day: u64, _| nearest(neighbour(day, *before), *before, &is);
            Ok(picked(from, range)?.and_then(|day| (0..*by).try_fold(day, step)))
        }
        DayRule::Nearest { day, before, kind } => {
            let is = kind_of(kind)?;
            Ok(picked(day, range)?.and_then(|day| nearest(day, *before, &is)))
        }
    }
}

/// Tells whether a day is of a kind.
pub(super) fn kind_of(kind: &DayKind) -> Result<impl Fn(u64) -> bool + use<>, Unknown> {
    let days: u8 = match kind {
        DayKind::Day => 0b111_1111,
        DayKind::Weekday => 0b001_1111,
        DayKind::On(day) => 1 << day,
        DayKind::Business(_) => return Err(Unknown),
    };
    Ok(move |day| days >> weekday(day) & 1 == 1)
}

fn nearest(day: u64, before: bool, is: impl Fn(u64) -> bool) -> Option<u64> {
    let days = std::iter::successors(Some(day), |day| Some(neighbour(*day, before)));
    days.take(FARTHEST).find(|day| is(*day))
}

fn neighbour(day: u64, before: bool) -> u64 {
    if before { day - 1 } else { day + 1 }
}
