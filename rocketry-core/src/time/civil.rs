//! Days and months of the Gregorian calendar, as numbers.
//!
//! A day is counted from 1970-01-01, a month from January of the year 0.

/// Microseconds in a day.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Days from 0000-03-01 until 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days in 400 years.
const ERA: i64 = 146_097;

/// The month a day lies in.
///
/// Years are counted from March here, so that the leap day is the last of its year and the months before it
/// have a regular length.
pub(super) fn month_of(day: i64) -> i64 {
    let day = day + EPOCH;
    let (era, day) = (day.div_euclid(ERA), day.rem_euclid(ERA));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    (era * 400 + year) * 12 + month + 2
}

/// The first day of a month.
pub(super) fn first_day(month: i64) -> i64 {
    let month = month - 2;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 - EPOCH
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};

    #[test]
    fn agrees_with_chrono_on_every_day_of_eight_centuries() {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for date in NaiveDate::from_ymd_opt(1599, 1, 1)
            .unwrap()
            .iter_days()
            .take(300_000)
        {
            let day = date.signed_duration_since(epoch).num_days();
            let month = i64::from(date.year()) * 12 + i64::from(date.month0());
            assert_eq!(month_of(day), month, "{date}");
            assert_eq!(first_day(month), day - i64::from(date.day0()), "{date}");
        }
    }

    #[test]
    fn counts_before_the_year_zero() {
        assert_eq!(month_of(first_day(-1)), -1);
        assert_eq!(month_of(first_day(0) - 1), -1);
        assert_eq!(first_day(0) - first_day(-1), 31);
    }
}
