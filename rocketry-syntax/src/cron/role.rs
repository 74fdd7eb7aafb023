//! The six roles of a field in a cron expression.

use std::ops::RangeInclusive;

use crate::bound::{MONTHS, WEEKDAYS};

/// The role of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Second,
    Minute,
    Hour,
    DayOfMonth,
    Month,
    DayOfWeek,
}

impl Role {
    /// The values, each once: Sunday is 0 here, and 7 only as a spelling.
    pub(crate) const fn values(self) -> RangeInclusive<u8> {
        match self {
            Self::Second | Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::DayOfWeek => 0..=6,
        }
    }

    /// The number of values.
    pub(crate) const fn count(self) -> u8 {
        let values = self.values();
        *values.end() - *values.start() + 1
    }

    /// All values, as a set.
    pub(super) const fn all(self) -> u64 {
        ((1 << self.count()) - 1) << *self.values().start()
    }

    /// Returns true for days, where `?` may stand for all values.
    pub(super) const fn is_day(self) -> bool {
        matches!(self, Self::DayOfMonth | Self::DayOfWeek)
    }

    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Second => "a second from 0 to 59",
            Self::Minute => "a minute from 0 to 59",
            Self::Hour => "an hour from 0 to 23",
            Self::DayOfMonth => "a day of the month from 1 to 31",
            Self::Month => "a month from 1 to 12 or a name such as `Jan`",
            Self::DayOfWeek => "a day of the week from 0 to 7 or a name such as `Mon`",
        }
    }

    /// The unit for the hint `every 90 minutes` on a step above the maximum.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::Second => "seconds",
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::DayOfMonth | Self::DayOfWeek => "days",
            Self::Month => "months",
        }
    }

    /// The value of a number, or of a name that is written out or has three letters.
    pub(crate) fn value(self, text: &str) -> Option<u8> {
        let (least, greatest) = self.values().into_inner();
        let greatest = greatest + u8::from(self == Self::DayOfWeek);
        if let Some(number) = number(text) {
            return Some(number).filter(|number| (least..=greatest).contains(number));
        }
        let named = |name: &str| name.eq_ignore_ascii_case(text) || name[..3].eq_ignore_ascii_case(text);
        let (value, _) = self.names().find(|(_, name)| named(name))?;
        Some(value)
    }

    /// The named values, with their names.
    pub(crate) fn names(self) -> impl Iterator<Item = (u8, &'static str)> {
        let names: &[&'static str] = match self {
            Self::Month => &MONTHS,
            Self::DayOfWeek => &WEEKDAYS,
            _ => &[],
        };
        // The names of weekdays begin with Monday, which is 1; Sunday is 0.
        (1..).zip(names).map(move |(value, name)| {
            let value = if self == Self::DayOfWeek { value % 7 } else { value };
            (value, *name)
        })
    }
}

/// A number of one or two digits.
pub(crate) fn number(text: &str) -> Option<u8> {
    let digits = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
