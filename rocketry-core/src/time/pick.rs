//! Days that a rule picks from a month, a quarter or a year.

use std::ops::Range;

use rocketry_syntax::ast::Day;

use super::dates::Dates;

/// The maximum number of days to search for a day of a kind, in case a calendar closes every day.
const FARTHEST: i64 = 400;

/// Monday to Friday.
const WORKDAYS: u8 = 0b001_1111;

/// A day in a range of days.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Pick {
    /// A day by its number, or the last day.
    Plain(Day),
    /// A day by its number, or the last day of a shorter range.
    AtMost(u8),
    /// The nth day of a kind, counted from the end if the number is negative.
    Counted(i64, Kind),
    /// A number of days of a kind away from another day.
    Moved(i64, Kind, Box<Pick>),
    /// Another day if it is of the kind, otherwise the nearest in a direction.
    Nearest(i64, Kind, Box<Pick>),
}

/// A kind of day.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Kind {
    Any,
    /// Days of the week, as a set; bit 0 is Monday.
    OfWeek(u8),
    /// Monday to Friday without those of a calendar.
    Business(Dates),
}

impl Kind {
    pub(super) const WEEKDAY: Self = Self::OfWeek(WORKDAYS);

    pub(super) fn is(&self, day: i64) -> bool {
        match self {
            Self::Any => true,
            Self::OfWeek(days) => is_of_week(*days, day),
            Self::Business(dates) => is_of_week(WORKDAYS, day) && !dates.has(day),
        }
    }

    /// The nearest day of the kind from a day on, that day included.
    pub(super) fn nearest(&self, day: i64, step: i64) -> Option<i64> {
        (0..FARTHEST)
            .map(|away| day + away * step)
            .find(|day| self.is(*day))
    }

    /// The nth day of the kind in a direction, that day not included.
    fn nth(&self, from: i64, by: i64) -> Option<i64> {
        let step = by.signum();
        (0..by.abs()).try_fold(from, |day, _| self.nearest(day + step, step))
    }
}

fn is_of_week(days: u8, day: i64) -> bool {
    // 1970-01-01 was a Thursday.
    days >> (day + 3).rem_euclid(7) & 1 == 1
}

impl Pick {
    /// The day that the rule picks; `None` if the range has no such day.
    pub(super) fn day(&self, range: &Range<i64>) -> Option<i64> {
        match self {
            Self::Plain(Day::Last) => Some(range.end - 1),
            Self::Plain(Day::Nth(nth)) => {
                Some(range.start + i64::from(*nth) - 1).filter(|day| range.contains(day))
            }
            Self::AtMost(nth) => Some((range.start + i64::from(*nth) - 1).min(range.end - 1)),
            Self::Counted(nth, kind) => {
                let outside = if *nth > 0 { range.start - 1 } else { range.end };
                kind.nth(outside, *nth).filter(|day| range.contains(day))
            }
            Self::Moved(by, kind, from) => kind.nth(from.day(range)?, *by),
            Self::Nearest(step, kind, from) => kind.nearest(from.day(range)?, *step),
        }
    }

    /// Returns true if the day may lie outside of the range.
    pub(super) const fn leaves(&self) -> bool {
        matches!(self, Self::Moved(..) | Self::Nearest(..))
    }
}
