//! The days of a month that a cron expression matches.

use rocketry_syntax::{CronSets, DaysOfMonth, DaysOfWeek};

use crate::time::civil::first_day;

const SUNDAY: u64 = 1;
const SATURDAY: u64 = 1 << 6;
const WORKDAYS: u64 = 0b011_1110;
/// The first seven days of a month.
const FIRST_WEEK: u64 = 0b1111_1110;
/// Repeats a week five times.
const WEEKS: u64 = 1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28;

/// The days of a month that match: bit `n` is the day `n`. Where both fields name days, either may.
pub(super) fn days(sets: &CronSets, month: i64) -> u64 {
    if sets.months >> (month.rem_euclid(12) + 1) & 1 == 0 {
        return 0;
    }
    let month = Month::new(month);
    month.all()
        & match (&sets.days_of_month, &sets.days_of_week) {
            (None, None) => u64::MAX,
            (Some(named), None) => month.of_month(named),
            (None, Some(named)) => month.of_week(named),
            (Some(of_month), Some(of_week)) => month.of_month(of_month) | month.of_week(of_week),
        }
}

struct Month {
    /// The day of the week that it begins on, Sunday being 0.
    begins_on: i64,
    length: i64,
}

impl Month {
    fn new(month: i64) -> Self {
        let first = first_day(month);
        Self {
            // 1970-01-01 was a Thursday.
            begins_on: (first + 4).rem_euclid(7),
            length: first_day(month + 1) - first,
        }
    }

    /// All its days, as a set.
    const fn all(&self) -> u64 {
        (2 << self.length) - 2
    }

    /// The last day, as a set.
    const fn last(&self) -> u64 {
        1 << self.length
    }

    /// The days that are some days of the week, and then some more beyond the end.
    const fn on(&self, weekdays: u64) -> u64 {
        let week = (weekdays | weekdays << 7) >> self.begins_on << 1 & FIRST_WEEK;
        week * WEEKS
    }

    fn of_week(&self, named: &DaysOfWeek) -> u64 {
        let last_week = FIRST_WEEK << (self.length - 7);
        let weeks = (0..).step_by(7).zip(named.of_week);
        let in_weeks = weeks.map(|(week, weekdays)| self.on(weekdays) & FIRST_WEEK << week);
        self.on(named.days) | self.on(named.last) & last_week | in_weeks.fold(0, |all, days| all | days)
    }

    fn of_month(&self, named: &DaysOfMonth) -> u64 {
        let workdays = self.all() & self.on(WORKDAYS);
        let last = if named.last { self.last() } else { 0 };
        let last_weekday = if named.last_weekday {
            1 << workdays.ilog2()
        } else {
            0
        };
        named.days | self.nearest_workdays(named.nearest_weekday) | last | last_weekday
    }

    /// The nearest of Monday to Friday within the month: the day before a Saturday, the day after a Sunday, and on the
    /// other side of them where the month ends.
    const fn nearest_workdays(&self, days: u64) -> u64 {
        let days = days & self.all();
        let (saturdays, sundays) = (days & self.on(SATURDAY), days & self.on(SUNDAY));
        let (first, last) = (2, self.last());
        days & self.on(WORKDAYS)
            | (saturdays & !first) >> 1
            | (saturdays & first) << 2
            | (sundays & !last) << 1
            | (sundays & last) >> 2
    }
}
