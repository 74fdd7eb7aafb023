//! The values of a cron expression, as sets.

use super::field::Field;
use crate::bound::MONTH_DAYS;

const FEBRUARY: u8 = 2;

/// The values that the fields of a cron expression allow. Bit `n` of a set is the value `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CronSets {
    /// The seconds; only 0 without a field for them.
    pub seconds: u64,
    /// The minutes.
    pub minutes: u64,
    /// The hours.
    pub hours: u64,
    /// The months, from 1.
    pub months: u64,
    /// The days of the month; `None` is all of them.
    pub days_of_month: Option<DaysOfMonth>,
    /// The days of the week, Sunday being 0; `None` is all of them.
    pub days_of_week: Option<DaysOfWeek>,
    /// `+Mon`: whether a day must be in both day fields. Otherwise, if both are restricted, either is enough.
    pub both_days: bool,
    /// Whether the times of day are fixed, as in `0 2,14 * * *`: neither the hour nor the minute, nor a field for the
    /// seconds, is `*`, steps through it or has all its values.
    pub fixed_time: bool,
}

/// The days of the month that a cron expression names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DaysOfMonth {
    /// The plain days.
    pub days: u64,
    /// `15W`: the weekdays (Monday to Friday) nearest to these days, within the month.
    pub nearest_weekday: u64,
    /// `L-3`: the days this many days before the last. `L` is 0.
    pub before_last: u64,
    /// `L-3W`: the weekdays nearest to these. `LW` is 0.
    pub weekday_before_last: u64,
}

/// The days of the week that a cron expression names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DaysOfWeek {
    /// The days of every week.
    pub days: u64,
    /// `5#2`: the days of the first to the fifth week of the month; the first week starts on the 1st.
    pub of_week: [u64; 5],
    /// `5L`: the last of the month.
    pub last: u64,
}

impl CronSets {
    pub(super) fn new(
        [second, minute, hour, day_of_month, month, day_of_week]: &[Field; 6],
        both_days: bool,
    ) -> Self {
        CronSets {
            seconds: second.values,
            minutes: minute.values,
            hours: hour.values,
            months: month.values,
            days_of_month: (!day_of_month.whole).then_some(DaysOfMonth {
                days: day_of_month.values,
                ..day_of_month.of_month
            }),
            days_of_week: (!day_of_week.whole).then_some(DaysOfWeek {
                days: day_of_week.values,
                ..day_of_week.of_week
            }),
            both_days,
            fixed_time: ![second, minute, hour].iter().any(|field| field.recurs),
        }
    }

    /// Returns true if no date ever matches, as in `0 0 31 2 *`.
    ///
    /// ```
    /// use rocketry_syntax::Cron;
    ///
    /// assert!(Cron::parse("0 0 31 2 *", false).is_err());
    /// assert!(!Cron::parse("0 0 29 2 *", false)?.sets().is_never());
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub fn is_never(&self) -> bool {
        let months = (1..).zip(MONTH_DAYS);
        let mut named = months.filter(|(month, _)| self.months >> month & 1 == 1);
        !named.any(|(month, longest)| {
            let (longest, leap) = (i64::from(longest), i64::from(month == FEBRUARY));
            // Months of each length eventually begin on each day of the week.
            (longest - leap..=longest).any(|length| (0..7).any(|begins_on| self.days(begins_on, length) != 0))
        })
    }
}
