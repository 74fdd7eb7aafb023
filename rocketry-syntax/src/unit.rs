//! The words of the repeating units.

use crate::ast::Unit;
use crate::duration::{DAY, HOUR, MINUTE, SECOND, WEEK};

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Self; 8] = [
        Self::Second,
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// Returns the name in statements: `day`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Returns the word for its cycle in statements: `daily`.
    pub const fn cycle(self) -> &'static str {
        match self {
            Self::Second => "secondly",
            Self::Minute => "minutely",
            Self::Hour => "hourly",
            Self::Day => "daily",
            Self::Week => "weekly",
            Self::Month => "monthly",
            Self::Quarter => "quarterly",
            Self::Year => "yearly",
        }
    }

    /// Returns the current unit in statements: `today`, `this hour`.
    pub const fn current(self) -> &'static str {
        match self {
            Self::Second => "this second",
            Self::Minute => "this minute",
            Self::Hour => "this hour",
            Self::Day => "today",
            Self::Week => "this week",
            Self::Month => "this month",
            Self::Quarter => "this quarter",
            Self::Year => "this year",
        }
    }

    /// Returns the wall-clock length in microseconds; `None` for months, quarters and years, whose lengths vary.
    pub const fn micros(self) -> Option<u64> {
        match self {
            Self::Second => Some(SECOND),
            Self::Minute => Some(MINUTE),
            Self::Hour => Some(HOUR),
            Self::Day => Some(DAY),
            Self::Week => Some(WEEK),
            Self::Month | Self::Quarter | Self::Year => None,
        }
    }

    /// All units by name, for the cursor.
    pub(crate) fn names() -> [(&'static str, Self); 8] {
        Self::ALL.map(|unit| (unit.name(), unit))
    }
}
