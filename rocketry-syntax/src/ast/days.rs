//! Days that a rule selects: `first Monday`, `2 days after second Tuesday`, `weekdays`, `'holidays'`.

use super::Day;

/// A day of a month, a quarter or a year, named by a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DayRule {
    /// `15th`, `last day`.
    Plain(Day),
    /// `first Monday`, `2nd last Friday`, `last business day of 'nyse'`.
    Counted {
        /// The ordinal number, from 1.
        nth: u8,
        /// Whether the count goes back from the end: `3rd last day`.
        from_end: bool,
        /// The kind of day.
        kind: DayKind,
    },
    /// `2 days after second Tuesday`, `next weekday after 15th`.
    Moved {
        /// The distance in days of this kind, from 1.
        by: u8,
        /// Whether the day is before the other day instead of after it.
        before: bool,
        /// The kind of day.
        kind: DayKind,
        /// The other day.
        from: Box<DayRule>,
    },
    /// `15th or next weekday`: that day if it is of the kind, otherwise the next or previous one.
    Nearest {
        /// The day, if it is of the kind.
        day: Box<DayRule>,
        /// Whether the replacement is before that day instead of after it: `15th or previous weekday`.
        before: bool,
        /// The required kind of day.
        kind: DayKind,
    },
}

/// The kind of day that a rule counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Any day.
    Day,
    /// Monday to Friday.
    Weekday,
    /// One day of the week; 0 is Monday.
    On(u8),
    /// A day of Monday to Friday that is not in the calendar of this name: `business day of 'nyse'`.
    Business(String),
}

/// Days of the calendar: an item of `on weekdays, December 25th, 'holidays'`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Days {
    /// One day of each week; 0 is Monday.
    Weekday(u8),
    /// One day of each month, or of one month of each year: `first Monday`, `December 25th`.
    Ruled {
        /// The month; `None` is every month.
        month: Option<u8>,
        /// The day of the month.
        day: DayRule,
    },
    /// One date.
    Date(Date),
    /// The days of the calendar of this name: `'holidays'`.
    Calendar(String),
    /// All days of Monday to Friday that are not in the calendar of this name: `business days of 'nyse'`.
    Business(String),
}

/// A date of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, from 1 to 9999.
    pub year: u16,
    /// 1 is January.
    pub month: u8,
    /// The day of the month.
    pub day: u8,
}

/// A date, with or without a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The date.
    pub date: Date,
    /// Microseconds since the start of the day; `None` is bare: as an end it lasts until the end of that day.
    pub time: Option<u64>,
}
