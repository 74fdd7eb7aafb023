//! Conditions on dates and days: `from("2026-11-28")`, `on_days("weekdays")`, `once_at("2026-07-04 12:00")`.

use rocketry_syntax::ast::{CondExpr, Days, Moment, PeriodExpr};
use rocketry_syntax::{SyntaxError, parse_days};

use super::mistake::{Checked, Mistake};
use super::once::OncePer;
use super::time_of::Time;
use crate::cond::Condition;

/// True from a date on, or from a time on a date.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((daily & from("2026-11-28")).to_string(), "daily & from 2026-11-28");
/// ```
#[track_caller]
pub fn from(moment: &str) -> Time {
    Time::new(checked("from", Moment::start(moment)).map(PeriodExpr::From))
}

/// True until a date, which is included, or until a time on a date.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((hourly & until("2026-12-01 9 am")).to_string(), "hourly & until 2026-12-01 09:00");
/// ```
#[track_caller]
pub fn until(moment: &str) -> Time {
    Time::new(checked("until", Moment::end(moment)).map(PeriodExpr::Until))
}

/// True for one run within a day after a time on a date. A date without a time stands for that day.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(once_at("2026-07-04 12:00").to_string(), "once at 2026-07-04 12:00");
/// assert_eq!(once_at("2026-07-04").to_string(), "once on 2026-07-04");
/// ```
#[track_caller]
pub fn once_at(moment: &str) -> OncePer {
    OncePer::new(checked("once_at", Moment::start(moment)).map(PeriodExpr::At))
}

/// True on some days: days of the week, `weekdays`, `weekends`, days of the month, dates, and days of calendars.
///
/// ```
/// use rocketry::conds::*;
///
/// let statement = every("10 minutes") & on_days("weekdays, last day, December 24th");
/// assert_eq!(statement.to_string(), "every 10 minutes & on weekdays, last day, December 24th");
/// ```
#[track_caller]
pub fn on_days(days: &str) -> Time {
    Time::new(checked("on_days", parse_days(days)).map(PeriodExpr::On))
}

/// True on the days of a calendar of the app, which is added with `app.calendar("holidays", …)`.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((daily & !on_calendar("holidays")).to_string(), "daily & ~on 'holidays'");
/// ```
#[track_caller]
pub fn on_calendar(name: &str) -> Time {
    Time::new(named("on_calendar", name).map(|name| PeriodExpr::On(vec![Days::Calendar(name)])))
}

/// True on the business days of a calendar: Monday to Friday, except the days of the calendar.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(business_day("nyse").to_string(), "on business days of 'nyse'");
/// ```
#[track_caller]
pub fn business_day(name: &str) -> Time {
    Time::new(named("business_day", name).map(|name| PeriodExpr::On(vec![Days::Business(name)])))
}

/// True until the task has started `runs` times, for any reason. After that the condition can never be true again.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((daily & at_most_runs(10)).to_string(), "daily & at most 10 runs");
/// ```
pub fn at_most_runs(runs: u64) -> Condition {
    Condition::new(CondExpr::AtMostRuns(runs))
}

#[track_caller]
fn checked<T>(word: &str, read: Result<T, SyntaxError>) -> Checked<T> {
    match read {
        Ok(value) => Ok(value),
        Err(mistake) => Err(Mistake::new(word, mistake)),
    }
}

/// Checks the name of a calendar.
#[track_caller]
fn named(word: &str, name: &str) -> Checked<String> {
    if name.trim().is_empty() {
        return Err(Mistake::new(
            word,
            "expected the name of a calendar that is not empty",
        ));
    }
    Ok(name.to_owned())
}
