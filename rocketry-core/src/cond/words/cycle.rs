//! Conditions for one run in each second, minute … year: `daily.after("07:00")`.

use rocketry_syntax::ast::{Basis, PeriodExpr, Unit, Window};

use super::methods::{windows, words};
use super::mistake::Checked;
use super::once::{OncePer, once};
use crate::cond::Condition;

/// One run in each occurrence of a unit of time: the type of [`daily`] and similar words.
///
/// The condition is true inside the unit, or inside a part of it, until a run of the task has ended there with a
/// success, an inaction, a termination or a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle(Unit);

/// Once a second.
///
/// Bounds are milliseconds (0 to 999).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(secondly.to_string(), "secondly");
/// assert_eq!(secondly.after("250.5").to_string(), "secondly after 250.5");
/// ```
pub static secondly: Cycle = Cycle(Unit::Second);

/// Once a minute.
///
/// Bounds are seconds (0 to 59, as text two digits).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(minutely.to_string(), "minutely");
/// assert_eq!(minutely.on("30").to_string(), "minutely at 30");
/// ```
pub static minutely: Cycle = Cycle(Unit::Minute);

/// Once an hour.
///
/// Bounds are minutes (0 to 59), minutes and seconds (`"15:30"`) or quarters (`"2 quarters"`).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(hourly.to_string(), "hourly");
/// assert_eq!(hourly.after("15:30").to_string(), "hourly after 15:30");
/// ```
pub static hourly: Cycle = Cycle(Unit::Hour);

/// Once a day.
///
/// Bounds are hours (0 to 23) or a time (`"07:00"`, `"7 am"`).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(daily.to_string(), "daily");
/// assert_eq!(daily.between("22:00", "02:00").to_string(), "daily between 22:00 and 02:00");
/// ```
pub static daily: Cycle = Cycle(Unit::Day);

/// Once a week, which begins on Monday.
///
/// Bounds are weekdays (1 to 7, `"Mon"`, `"Monday 10:00"`); as an end, a weekday without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(weekly.to_string(), "weekly");
/// assert_eq!(weekly.between("Mon", "Fri").to_string(), "weekly between Monday and Friday");
/// ```
pub static weekly: Cycle = Cycle(Unit::Week);

/// Once a month.
///
/// Bounds are days (1 to 31, `"3rd"`, `"3rd 12:00"`, `"last day"`); as an end, a day without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(monthly.to_string(), "monthly");
/// assert_eq!(monthly.on("last day").to_string(), "monthly on last day");
/// ```
pub static monthly: Cycle = Cycle(Unit::Month);

/// Once a quarter, which begins with January, April, July or October.
///
/// Bounds are days (1 to 92, `"15th"`, `"last day"`, `"first Monday 09:00"`), counted from the start of the quarter; as an
/// end, a day without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(quarterly.to_string(), "quarterly");
/// assert_eq!(quarterly.on("last weekday 17:00").to_string(), "quarterly on last weekday 17:00");
/// ```
pub const quarterly: Cycle = Cycle(Unit::Quarter);

/// Once a year.
///
/// Bounds are months (1 to 12, `"Feb"`) or days (`"Feb 15th 10:00"`); as an end, a month or a day without a time is included.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(yearly.to_string(), "yearly");
/// assert_eq!(yearly.on("Feb 29th").to_string(), "yearly on February 29th");
/// ```
pub static yearly: Cycle = Cycle(Unit::Year);

windows!(Cycle => OncePer);
words!(Cycle);

impl Cycle {
    /// Sets how many failures an occurrence allows before it is used up.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(hourly.retries(1).to_string(), "hourly with 1 retry");
    /// ```
    #[must_use]
    pub fn retries(self, retries: u32) -> OncePer {
        self.narrow(Ok(Window::Full)).retries(retries)
    }

    /// Uses the clock of a time zone instead of the zone of the task or the app.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(daily.in_zone("Asia/Tokyo").to_string(), "daily in Asia/Tokyo");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn in_zone(self, zone: &str) -> OncePer {
        self.narrow(Ok(Window::Full)).in_zone(zone)
    }

    const fn unit(self) -> Unit {
        self.0
    }

    fn word(self) -> String {
        self.0.cycle().to_owned()
    }

    fn narrow(self, window: Checked<Window>) -> OncePer {
        OncePer::new(window.map(|window| PeriodExpr::anchored(self.0, window)))
    }
}

impl From<Cycle> for Condition {
    fn from(Cycle(unit): Cycle) -> Self {
        once(None, PeriodExpr::anchored(unit, Window::Full), Basis::Finish, 0)
    }
}
