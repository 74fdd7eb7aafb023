//! The days of a month that a cron expression matches.

use super::sets::{CronSets, DaysOfMonth, DaysOfWeek};

const SUNDAY: u64 = 1;
const SATURDAY: u64 = 1 << 6;
const WORKDAYS: u64 = 0b011_1110;
/// The first seven days of a month.
const FIRST_WEEK: u64 = 0b1111_1110;
/// Repeats a week five times.
const WEEKS: u64 = 1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28;

impl CronSets {
    /// Returns the days that match in a month of `length` days that begins on a day of the week, Sunday being 0: bit `n` is the
    /// day `n`. Which month it is does not matter here.
    ///
    /// ```
    /// use rocketry_syntax::Cron;
    ///
    /// // A month of 30 days that begins on a Tuesday has Fridays on the 4th, 11th, 18th and 25th.
    /// let last_friday = Cron::parse("0 0 * * FriL", false)?;
    /// assert_eq!(last_friday.sets().days(2, 30), 1 << 25);
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub fn days(&self, begins_on: i64, length: i64) -> u64 {
        let month = Month { begins_on, length };
        let of_month = self.days_of_month.as_ref().map(|named| month.of_month(named));
        let of_week = self.days_of_week.as_ref().map(|named| month.of_week(named));
        month.all()
            & match (of_month, of_week) {
                (None, None) => u64::MAX,
                (Some(days), None) | (None, Some(days)) => days,
                (Some(of_month), Some(of_week)) if self.both_days => of_month & of_week,
                (Some(of_month), Some(of_week)) => of_month | of_week,
            }
    }
}

struct Month {
    /// The day of the week that it begins on, Sunday being 0.
    begins_on: i64,
    length: i64,
}

impl Month {
    /// All its days, as a set.
    const fn all(&self) -> u64 {
        (2 << self.length) - 2
    }

    /// The last day, as a set.
    const fn last(&self) -> u64 {
        1 << self.length
    }

    /// The days that fall on the given weekdays; bits beyond the month's end may be set.
    const fn on(&self, weekdays: u64) -> u64 {
        let week = (weekdays | weekdays << 7) >> self.begins_on << 1 & FIRST_WEEK;
        week * WEEKS
    }

    /// The days at these distances before the last day.
    const fn before_last(&self, days: u64) -> u64 {
        days.reverse_bits() >> (63 - self.length)
    }

    fn of_week(&self, named: &DaysOfWeek) -> u64 {
        let last_week = FIRST_WEEK << (self.length - 7);
        let weeks = (0..).step_by(7).zip(named.of_week);
        let in_weeks = weeks.map(|(week, weekdays)| self.on(weekdays) & FIRST_WEEK << week);
        self.on(named.days) | self.on(named.last) & last_week | in_weeks.fold(0, |all, days| all | days)
    }

    const fn of_month(&self, named: &DaysOfMonth) -> u64 {
        let near = named.nearest_weekday | self.before_last(named.weekday_before_last);
        named.days | self.before_last(named.before_last) | self.nearest_workdays(near)
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
