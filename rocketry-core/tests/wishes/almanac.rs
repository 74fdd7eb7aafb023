//! The days and instants of a year, worked out from chrono alone.

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;

/// The year of the tests.
pub(crate) const YEAR: i32 = 2026;

/// A date of the year.
pub(crate) fn date(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR, month, day).expect("a date")
}

/// The days of the year that pass a test.
pub(crate) fn days(test: impl Fn(NaiveDate) -> bool) -> Vec<NaiveDate> {
    date(1, 1)
        .iter_days()
        .take_while(|day| day.year() == YEAR)
        .filter(|day| test(*day))
        .collect()
}

/// How many days its month has.
pub(crate) fn month_length(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}

pub(crate) fn is_weekday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Whether it is the last day of its month that passes a test.
pub(crate) fn is_last(day: NaiveDate, test: impl Fn(NaiveDate) -> bool) -> bool {
    let later = day
        .iter_days()
        .skip(1)
        .take_while(|later| later.month() == day.month());
    test(day) && !later.into_iter().any(test)
}

/// The day so many days before.
pub(crate) fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day - Days::new(days)
}

/// The instants at which the clock of a zone reads these times on these days. In a gap it is the end of the gap, in a
/// repeat the first of the two.
pub(crate) fn at(zone: Tz, days: &[NaiveDate], times: &[&str]) -> Vec<DateTime<Utc>> {
    let times: Vec<NaiveTime> = times.iter().map(|time| time.parse().expect("a time")).collect();
    let mut instants: Vec<_> = days
        .iter()
        .flat_map(|day| times.iter().map(move |time| first(zone, *day, *time)))
        .collect();
    instants.sort();
    instants
}

fn first(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let mut local = day.and_time(time);
    loop {
        match zone.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => return at.to_utc(),
            MappedLocalTime::None => local += TimeDelta::minutes(1),
        }
    }
}
