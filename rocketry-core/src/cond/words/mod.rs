//! The words of conditions, which define in Rust when a task may start.
//!
//! Import all of them and join them with `&`, `|` and `!`. The result is a [`Condition`](crate::cond::Condition),
//! which prints itself as it would be written in a string.
//!
//! ```
//! use rocketry::conds::*;
//!
//! let condition = daily.after("07:00") & !running("crunch") | retry(3).backoff("10 seconds");
//! assert_eq!(
//!     condition.to_string(),
//!     "(daily after 07:00 & ~task 'crunch' is running) | retry 3 times with backoff 10 seconds",
//! );
//! ```
//!
//! | word | true |
//! |---|---|
//! | [`every("10 minutes")`](every()) | once this time has passed since the previous run was due; [`based_on`](crate::cond::Every::based_on) [`start`], [`success`], [`fail`] or [`finish`]; see [Intervals from a place](#intervals-from-a-place) |
//! | [`secondly`] [`minutely`] [`hourly`] [`daily`] [`weekly`] [`monthly`] [`quarterly`] [`yearly`] | once in each unit, or in the part of it that follows: `daily.after("07:00")`; in each of several: `daily.at(["06:00", "18:00"])`; see [Days](#days) |
//! | [`time_of_second`] [`time_of_minute`] [`time_of_hour`] [`time_of_day`] [`time_of_week`] [`time_of_month`] [`time_of_quarter`] [`time_of_year`] | inside a part of each unit |
//! | [`on_days("weekdays")`](on_days) [`on_calendar("holidays")`](on_calendar) [`business_day("nyse")`](business_day) | on some days |
//! | [`from("2026-11-28")`](from) [`until("2026-12-01 09:00")`](until) | from a date on, until a date |
//! | [`once_at("2026-07-04 12:00")`](once_at) | for one run, within a day from then on |
//! | [`at_most_runs(10)`](at_most_runs) | until the task has started this many times |
//! | [`cron("0 7 * * Mon-Fri")`](cron()) [`cron_with_seconds`] [`cron_fields`] | once in each match of a cron expression |
//! | [`crontime("* 7-18 * * *")`](crontime) [`crontime_with_seconds`] [`crontime_fields`] | inside the matches of a cron expression |
//! | [`once_per(period)`](once_per) [`one_start_per(period)`](one_start_per) | once in each occurrence of a period |
//! | [`past("2 hours")`](past) | a period for `once_per` and `within` |
//! | [`after_success(task)`](after_success) [`after_fail`] [`after_finish`] [`after_terminate`] | after another task has ended, optionally with a [`delay`](crate::cond::AfterTasks::delay) |
//! | [`after_all_success((a, b))`](after_all_success) [`after_all_fail`] [`after_all_finish`] [`after_all_terminate`] | after all of several tasks |
//! | [`after_any_success((a, b))`](after_any_success) [`after_any_fail`] [`after_any_finish`] [`after_any_terminate`] | after any of several tasks |
//! | [`started`] [`succeeded`] [`failed`] [`finished`] [`terminated`] [`inacted`] [`crashed`] | once an event of a task has occurred: `failed(task).today().at_least(3)` |
//! | [`running(task)`](running()) | while a task is running: `running(task).more_than("10 minutes")` |
//! | [`retry(3)`](retry()) [`retry_always`] | after a failure |
//! | [`scheduler_running()`](scheduler_running) [`scheduler_started("20 minutes")`](scheduler_started) [`scheduler_cycles()`](scheduler_cycles) | by the uptime and the cycles of the scheduler |
//! | [`env("prod")`](env()) [`param_exists("x")`](param_exists) [`param_is("x", "y")`](param_is) | by the parameters of the session |
//! | [`always`] [`never`](static@never) | always, never |
//!
//! # Arguments
//!
//! A **task** is named by its function or by its name as a string. [`this_task`] is the task with the condition, for
//! words that can refer to any task.
//!
//! A **bound** of a window is a text, as in a statement, or the number of a sub-unit. As the end of a window, a
//! number, a day without a time and a month without a day are included: `time_of_day.between(10, 12)` ends at 13:00,
//! and `time_of_day.between("10:00", "12:00")` at 12:00.
//!
//! A **duration** is a text such as `"1 hour 30 minutes"`, or a [`Duration`](std::time::Duration).
//!
//! # Days
//!
//! A rule can be used wherever a day of a month, a quarter or a year is named:
//!
//! | text | the day |
//! |---|---|
//! | `3rd`, `last day`, `3rd last day` | by its number, from the start or from the end |
//! | `first Monday`, `2nd last Friday` | the nth of a day of the week |
//! | `first weekday`, `last weekday` | the nth of Monday to Friday |
//! | `last business day of 'nyse'` | the nth of Monday to Friday that is not in a calendar |
//! | `2 days after second Tuesday`, `3 weekdays before last day` | a number of days of a kind before or after another day |
//! | `next weekday after 15th`, `previous Friday before 1st` | the nearest day of a kind on one side of another |
//! | `15th or next weekday`, `last day or previous business day of 'nyse'` | that day if it is of the kind, otherwise the nearest |
//!
//! In a month without such a day, a window that starts on it does not occur: `monthly on 31st` occurs seven times a
//! year, and `monthly on fifth Friday` four or five times.
//!
//! Several starts are separated by commas. A time applies to all preceding days without a time: `weekly on Mon, Wed
//! 07:00, Fri 12:00`. A window ends where the next one starts.
//!
//! A window of a day can be limited to the days on which it starts: `daily between 22:00 and 04:00 on weekdays` lasts
//! until Saturday morning. The same days can be a separate condition: `every 10 minutes & on weekdays & ~on
//! 'holidays'`.
//!
//! # Intervals from a place
//!
//! | text | true once in each of |
//! |---|---|
//! | `every 2 weeks on Friday 17:00 from 2026-01-02` | the Fridays of every second week, starting with the week of the date |
//! | `every 3 months on 1st 09:00` | the first days of January, April, July and October: months and quarters that divide the year need no date |
//! | `every 2 weeks from 2026-01-02` | the periods of two weeks from that day on |
//! | `every 1 month from 2026-01-31` | the periods from the 31st, or from the last day of a shorter month |
//! | `every 90 minutes from 09:00 until 17:00 on weekdays` | the steps on the clock: 09:00, 10:30 … 16:30; the last one ends at 17:00 |
//! | `every 15 minutes from 00:05` | the steps on the clock: 00:05, 00:20 … 23:50; they start again each day |
//! | `every 90 minutes from 2026-01-02 09:00` | the steps of elapsed time from that instant on |
//!
//! Without a window or a start an interval is counted from the time when the previous run was due: `every 1 month`
//! keeps the day of the previous run, or uses the last day of a shorter month.
//!
//! # Zones
//!
//! A statement follows the clock in the zone of its task. A part of it can have its own zone: `daily at 09:30
//! in America/New_York`, or [`in_zone`](crate::cond::Condition::in_zone). The table shows how each word
//! handles a clock that is set forward (a *gap*) or back (a *repeat*):
//!
//! | word | in a gap | in a repeat |
//! |---|---|---|
//! | `daily`, `weekly`, `monthly`, `quarterly`, `yearly`, and their `time of …` | a window that starts there starts at the end of the gap and keeps its length | it starts at the first of the two instants, once |
//! | an end of such a window | the end of the gap | the second of the two instants |
//! | an end at midnight | the first instant of the next day | the first of the two instants |
//! | `hourly`, `minutely`, `secondly` | what is skipped does not occur | each occurs twice |
//! | `every` with a length alone, and from a moment on | elapsed time: the clock does not matter | the same |
//! | `every 1 month` | the end of the gap | the first of the two instants |
//! | `every … on …`, `every … from` a date in days, weeks or months | as `daily` | as `daily` |
//! | `every … from` a time | a step that starts there does not occur | each step occurs twice |
//! | `every 1 day from` a time | as `daily` | as `daily` |
//! | `on` days, `today`, `this week` | a day lasts from its first instant to its last, whatever its length | the same |
//! | `from`, `until`, `once at` | the end of the gap | `from` and `once at` the first of the two instants, `until` the second |
//! | `cron` with fixed times: neither the minute nor the hour is or covers `*` | at the end of the gap | once, at the first of the two instants |
//! | any other `cron` | what is skipped does not occur | each match occurs twice |
//! | `crontime` | as `cron` with the same fields | the same |
//! | a delay after a task, `past`, an age, a backoff | elapsed time: the clock does not matter | the same |
//! | a part with a zone | by the clock of that zone | the same |
//!
//! A mistake in an argument is reported, with its line of code, when an app is built from the condition. In the
//! attribute of a task it is a compile error.

#![expect(
    non_upper_case_globals,
    reason = "the words read as a sentence: `daily.after(\"07:00\") & always`"
)]

pub(super) mod after;
pub(super) mod arg;
pub(super) mod constant;
pub(super) mod cron;
pub(super) mod cycle;
mod dates;
pub(super) mod every;
mod in_zone;
mod methods;
pub(super) mod mistake;
pub(super) mod once;
mod params;
pub(super) mod retry;
pub(super) mod running;
pub(super) mod scheduler;
pub(super) mod status;
pub(super) mod time_of;
pub(super) mod weekday;

// Only functions and constants are here. The types are in `cond`, so that importing all words does not hide types or
// tasks of the user.
pub use after::{
    after_all_fail, after_all_finish, after_all_success, after_all_terminate, after_any_fail,
    after_any_finish, after_any_success, after_any_terminate, after_fail, after_finish, after_success,
    after_terminate,
};
pub use constant::{always, never};
pub use cron::{cron, cron_fields, cron_with_seconds, crontime, crontime_fields, crontime_with_seconds};
pub use cycle::{daily, hourly, minutely, monthly, quarterly, secondly, weekly, yearly};
pub use dates::{at_most_runs, business_day, from, on_calendar, on_days, once_at, until};
pub use every::{every, fail, finish, start, success};
pub use once::{once_per, one_start_per};
pub use params::{env, param_exists, param_is};
pub use retry::{retry, retry_always};
pub use running::running;
pub use scheduler::{scheduler_cycles, scheduler_running, scheduler_started};
pub use status::{crashed, failed, finished, inacted, started, succeeded, terminated, this_task};
pub use time_of::{
    past, time_of_day, time_of_hour, time_of_minute, time_of_month, time_of_quarter, time_of_second,
    time_of_week, time_of_year,
};
pub use weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
