//! The six roles of a field in a cron expression.

use std::ops::RangeInclusive;

use crate::bound::{MONTHS, WEEKDAYS};

/// What a field stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Second,
    Minute,
    Hour,
    DayOfMonth,
    Month,
    DayOfWeek,
}

impl Role {
    /// The values, each once: Sunday is 0 here, and 7 only as a spelling.
    pub(super) fn values(self) -> RangeInclusive<u64> {
        match self {
            Self::Second | Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::DayOfWeek => 0..=6,
        }
    }

    /// How many values there are.
    pub(super) fn count(self) -> u64 {
        self.values().end() - self.values().start() + 1
    }

    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Second => "a second from 0 to 59",
            Self::Minute => "a minute from 0 to 59",
            Self::Hour => "an hour from 0 to 23",
            Self::DayOfMonth => "a day of the month from 1 to 31",
            Self::Month => "a month from 1 to 12 or a name such as `Jan`",
            Self::DayOfWeek => "a day of the week from 0 to 7 or a name such as `Mon`",
        }
    }

    /// The names of the values, the first standing for the least; weekdays begin on Sunday here.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        let names: &[&'static str] = match self {
            Self::Month => &MONTHS,
            Self::DayOfWeek => &WEEKDAYS,
            _ => &[],
        };
        let sunday_first = if self == Self::DayOfWeek { 6 } else { 0 };
        names
            .iter()
            .cycle()
            .skip(sunday_first)
            .take(names.len())
            .map(|name| &name[..3])
    }
}
