//! Days and months by their numbers, from the year 0 on.

use super::stretches::days_before;
use crate::ast::{Date, Moment};
use crate::duration::DAY;

/// The number of a month; 1 is January.
pub(super) fn month(year: u64, month: u8) -> u64 {
    year * 12 + u64::from(month) - 1
}

/// The number of the month of the year, from 1.
pub(super) fn month_of_year(month: u64) -> u8 {
    u8::try_from(month % 12 + 1).expect("a year has twelve months")
}

/// The number of the first day of a month.
pub(super) fn first_day(month: u64) -> u64 {
    let (year, of_year) = (month / 12, month_of_year(month));
    let leap_days = year.div_ceil(4) + year.div_ceil(400) - year.div_ceil(100);
    let lacks_leap_day = of_year > 2 && is_common(year);
    year * 365 + leap_days + days_before(of_year) - u64::from(lacks_leap_day)
}

fn is_common(year: u64) -> bool {
    !year.is_multiple_of(4) || year.is_multiple_of(100) && !year.is_multiple_of(400)
}

/// The month in which a day is.
pub(super) fn month_of(day: u64) -> u64 {
    // In 400 years, which have 146,097 days, months have their average length. None starts much earlier or later.
    let mut month = (day * 4_800 / 146_097).saturating_sub(1);
    while first_day(month + 1) <= day {
        month += 1;
    }
    month
}

/// The day of the week; 0 is Monday.
pub(super) fn weekday(day: u64) -> u64 {
    // The first day of the year 0 was a Saturday.
    (day + 5) % 7
}

/// The number of a date.
pub(super) fn day(date: Date) -> u64 {
    first_day(month(date.year.into(), date.month)) + u64::from(date.day) - 1
}

/// A moment in microseconds since the start of the year 0.
pub(super) fn moment(moment: &Moment) -> u64 {
    day(moment.date) * DAY + moment.time.unwrap_or(0)
}
