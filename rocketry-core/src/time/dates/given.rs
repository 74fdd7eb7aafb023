//! The days of a list or a file.

use chrono::{Datelike, NaiveDate};

use crate::time::civil::first_day;

/// The days of a list or a file.
#[derive(Default, PartialEq)]
pub(super) struct Given {
    pub(super) dates: Vec<NaiveDate>,
    /// The first of days that recur in each year.
    pub(super) yearly: Vec<NaiveDate>,
}

impl Given {
    pub(super) fn is_empty(&self) -> bool {
        self.dates.is_empty() && self.yearly.is_empty()
    }

    pub(super) fn of_year(&self, year: i64) -> Vec<i64> {
        let dates = self
            .dates
            .iter()
            .filter(|date| i64::from(date.year()) == year)
            .copied();
        let since = self.yearly.iter().filter(|date| i64::from(date.year()) <= year);
        let recurring = since.filter_map(|date| date.with_year(i32::try_from(year).ok()?));
        dates.chain(recurring).map(number).collect()
    }
}

/// The number of a day, counted from 1970-01-01.
pub(super) fn number(day: NaiveDate) -> i64 {
    first_day(i64::from(day.year()) * 12 + i64::from(day.month0())) + i64::from(day.day0())
}
