//! Conditions on the current time: `time_of_day.after("07:00")`.

use rocketry_syntax::ast::{CondExpr, PeriodExpr, Unit, Window};

use super::arg::{IntoDelta, IntoPeriod, length};
use super::methods::{refined, windows, words};
use super::mistake::{Checked, Mistake, condition};
use crate::cond::Condition;

/// A unit of time: the type of [`time_of_day`] and similar words.
///
/// Without further methods it covers the whole unit, so it is always true. Methods limit it to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOf(Unit);

/// A part of each occurrence of a unit, or another period of time.
///
/// It is a condition, which is true inside the period, and a period for [`once_per`](super::once_per) and
/// [`within`](crate::cond::Happened::within).
#[derive(Clone, Debug)]
pub struct Time(Checked<PeriodExpr>);

/// A part of each second.
///
/// Bounds are milliseconds (0 to 999).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_second.to_string(), "any time of second");
/// assert_eq!(time_of_second.before("500").to_string(), "time of second before 500");
/// ```
pub static time_of_second: TimeOf = TimeOf(Unit::Second);

/// A part of each minute.
///
/// Bounds are seconds (0 to 59, as text two digits).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_minute.to_string(), "any time of minute");
/// assert_eq!(time_of_minute.between("15", "45").to_string(), "time of minute between 15 and 45");
/// ```
pub static time_of_minute: TimeOf = TimeOf(Unit::Minute);

/// A part of each hour.
///
/// Bounds are minutes (0 to 59), minutes and seconds (`"15:30"`) or quarters (`"2 quarters"`).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_hour.to_string(), "any time of hour");
/// assert_eq!(time_of_hour.before("45:00").to_string(), "time of hour before 45:00");
/// ```
pub static time_of_hour: TimeOf = TimeOf(Unit::Hour);

/// A part of each day.
///
/// Bounds are hours (0 to 23) or a time (`"07:00"`, `"7 am"`).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_day.to_string(), "any time of day");
/// assert_eq!(time_of_day.after("7 am").to_string(), "time of day after 07:00");
/// ```
pub static time_of_day: TimeOf = TimeOf(Unit::Day);

/// A part of each week.
///
/// Bounds are weekdays (1 to 7, `"Mon"`, `"Monday 10:00"`); as an end, a weekday without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_week.to_string(), "any time of week");
/// assert_eq!(time_of_week.on("Friday").to_string(), "time of week on Friday");
/// ```
pub static time_of_week: TimeOf = TimeOf(Unit::Week);

/// A part of each month.
///
/// Bounds are days (1 to 31, `"3rd"`, `"3rd 12:00"`, `"last day"`); as an end, a day without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_month.to_string(), "any time of month");
/// assert_eq!(time_of_month.after("15th 12:00").to_string(), "time of month after 15th 12:00");
/// ```
pub static time_of_month: TimeOf = TimeOf(Unit::Month);

/// A part of each quarter, which begins with January, April, July or October.
///
/// Bounds are days (1 to 92, `"15th"`, `"last day"`, `"first Monday 09:00"`), counted from the start of the quarter; as an
/// end, a day without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_quarter.to_string(), "any time of quarter");
/// assert_eq!(time_of_quarter.after("last Friday").to_string(), "time of quarter after last Friday");
/// ```
pub const time_of_quarter: TimeOf = TimeOf(Unit::Quarter);

/// A part of each year.
///
/// Bounds are months (1 to 12, `"Feb"`) or days (`"Feb 15th 10:00"`); as an end, a month or a day without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(time_of_year.to_string(), "any time of year");
/// assert_eq!(time_of_year.between("Jun", "Aug").to_string(), "time of year between June and August");
/// ```
pub static time_of_year: TimeOf = TimeOf(Unit::Year);

/// Returns the time from this long ago until now, for [`once_per`](super::once_per) and
/// [`within`](crate::cond::Happened::within). As a condition it is always true.
///
/// An event exactly this long ago is not included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(once_per(past("2 hours")).to_string(), "once per (past 2 hours)");
/// ```
#[track_caller]
pub fn past(delta: impl IntoDelta) -> Time {
    Time(length("past", delta).map(PeriodExpr::Past))
}

windows!(TimeOf => Time);
refined!(Time);
words!(TimeOf, Time);

impl Time {
    pub(super) const fn new(period: Checked<PeriodExpr>) -> Self {
        Time(period)
    }

    fn refine(self, refine: impl FnOnce(PeriodExpr) -> Checked<PeriodExpr>) -> Self {
        Time(self.0.and_then(refine))
    }
}

impl TimeOf {
    const fn unit(self) -> Unit {
        self.0
    }

    fn word(self) -> String {
        format!("time_of_{}", self.0.name())
    }

    fn narrow(self, window: Checked<Window>) -> Time {
        Time(window.map(|window| PeriodExpr::anchored(self.0, window)))
    }
}

impl From<TimeOf> for Condition {
    fn from(word: TimeOf) -> Self {
        word.narrow(Ok(Window::Full)).into()
    }
}

impl From<Time> for Condition {
    fn from(Time(period): Time) -> Self {
        condition(period, |period| Condition::new(CondExpr::TimeOf(period)))
    }
}

impl IntoPeriod for TimeOf {
    fn period(self) -> Result<PeriodExpr, Mistake> {
        Ok(PeriodExpr::anchored(self.0, Window::Full))
    }
}

impl IntoPeriod for Time {
    fn period(self) -> Result<PeriodExpr, Mistake> {
        self.0
    }
}
