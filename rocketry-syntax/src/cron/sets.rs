//! What a cron expression says, as sets of values.

use super::field::Field;
use crate::bound::MONTH_DAYS;

/// The values that the fields of a cron expression allow. Bit `n` of a set is the value `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CronSets {
    /// The seconds: only 0 where no field says which.
    pub seconds: u64,
    /// The minutes.
    pub minutes: u64,
    /// The hours.
    pub hours: u64,
    /// The days of the month; `None` for all of them, and where the field has a `*` in its list.
    pub days_of_month: Option<DaysOfMonth>,
    /// The months, January being 1.
    pub months: u64,
    /// The days of the week, in the same way.
    pub days_of_week: Option<DaysOfWeek>,
    /// Whether it is a single time of day, written without `*` and steps. Such a one is meant to come once a day,
    /// whatever happens to the clock.
    pub fixed_time: bool,
}

/// The days of the month that a field names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DaysOfMonth {
    /// Those named by their number.
    pub days: u64,
    /// `15W`: those that stand for the nearest of Monday to Friday in the month.
    pub nearest_weekday: u64,
    /// `L`: the last day.
    pub last: bool,
    /// `LW`: the last of Monday to Friday.
    pub last_weekday: bool,
}

/// The days of the week that a field names, Sunday being 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DaysOfWeek {
    /// Those of every week.
    pub days: u64,
    /// `5#2`: those of the first to the fifth week of the month, which begins on its first day.
    pub of_week: [u64; 5],
    /// `5L`: the last ones in the month.
    pub last: u64,
}

impl CronSets {
    pub(super) fn new(second: &Field, [minute, hour, day_of_month, month, day_of_week]: &[Field; 5]) -> Self {
        CronSets {
            seconds: second.values,
            minutes: minute.values,
            hours: hour.values,
            days_of_month: (!day_of_month.whole).then_some(DaysOfMonth {
                days: day_of_month.values,
                ..day_of_month.of_month
            }),
            months: month.values,
            days_of_week: (!day_of_week.whole).then_some(DaysOfWeek {
                days: day_of_week.values,
                ..day_of_week.of_week
            }),
            fixed_time: [second, minute, hour].iter().all(|field| field.is_fixed()),
        }
    }

    /// Whether no date ever matches, as in `0 0 31 2 *`: none of the months has one of the days. A weekday would match
    /// on its own, and there is a last day in every month.
    ///
    /// ```
    /// use rocketry_syntax::Cron;
    ///
    /// assert!(Cron::parse("0 0 31 2 *", false).is_err());
    /// assert!(!Cron::parse("0 0 29 2 *", false)?.sets()?.is_never());
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub fn is_never(&self) -> bool {
        let (None, Some(named)) = (self.days_of_week, self.days_of_month) else {
            return false;
        };
        let first = (named.days | named.nearest_weekday).trailing_zeros();
        let mut months = (1..).zip(MONTH_DAYS);
        let exists = months.any(|(month, days)| self.months >> month & 1 == 1 && first <= u32::from(days));
        !(named.last || named.last_weekday || exists)
    }
}
