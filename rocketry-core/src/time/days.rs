//! Sets of days: weekdays, dates, days of a month, days of a named calendar.

use super::civil::{first_day, month_of};
use super::dates::Dates;
use super::pick::{Kind, Pick};

/// The maximum number of months between two days that a rule picks: there are forty years between two leap
/// days on a Friday.
const MONTHS: i64 = 12 * 41;

/// The maximum distance, in months, between a month and the day that a rule picks for it.
const SPILL: i64 = 3;

/// A set of days. Membership is known for any day, however distant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Days(pub(super) Box<[DaySet]>);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum DaySet {
    /// Days of a kind.
    Of(Kind),
    /// One date.
    Date(i64),
    /// The days of a calendar.
    Dates(Dates),
    /// A day of each month.
    Monthly(Pick),
    /// A day of a month of each year; 0 is January.
    Yearly(i64, Pick),
}

impl Days {
    /// The first day from `day` on.
    pub(super) fn next(&self, day: i64) -> Option<i64> {
        self.0.iter().filter_map(|days| days.next(day)).min()
    }

    /// The last day up to `day`.
    pub(super) fn last(&self, day: i64) -> Option<i64> {
        self.0.iter().filter_map(|days| days.last(day)).max()
    }

    /// The maximum number of days between two of them, if known.
    pub(super) fn longest_gap(&self) -> Option<u64> {
        self.0.iter().filter_map(DaySet::longest_gap).min()
    }
}

impl DaySet {
    fn next(&self, day: i64) -> Option<i64> {
        match self {
            Self::Of(kind) => kind.nearest(day, 1),
            Self::Date(date) => Some(*date).filter(|date| *date >= day),
            Self::Dates(dates) => dates.next(day),
            Self::Monthly(pick) => (-SPILL..=MONTHS)
                .filter_map(|ahead| picked(pick, month_of(day) + ahead))
                .find(|picked| *picked >= day),
            Self::Yearly(month, pick) => (-1..=MONTHS / 12)
                .filter_map(|ahead| picked(pick, (year_of(day) + ahead) * 12 + month))
                .find(|picked| *picked >= day),
        }
    }

    fn last(&self, day: i64) -> Option<i64> {
        match self {
            Self::Of(kind) => kind.nearest(day, -1),
            Self::Date(date) => Some(*date).filter(|date| *date <= day),
            Self::Dates(dates) => dates.last(day),
            Self::Monthly(pick) => (-SPILL..=MONTHS)
                .filter_map(|back| picked(pick, month_of(day) - back))
                .find(|picked| *picked <= day),
            Self::Yearly(month, pick) => (-1..=MONTHS / 12)
                .filter_map(|back| picked(pick, (year_of(day) - back) * 12 + month))
                .find(|picked| *picked <= day),
        }
    }

    fn longest_gap(&self) -> Option<u64> {
        match self {
            Self::Of(Kind::Any | Kind::OfWeek(_)) => Some(8),
            _ => None,
        }
    }
}

fn picked(pick: &Pick, month: i64) -> Option<i64> {
    pick.day(&(first_day(month)..first_day(month + 1)))
}

fn year_of(day: i64) -> i64 {
    month_of(day).div_euclid(12)
}
