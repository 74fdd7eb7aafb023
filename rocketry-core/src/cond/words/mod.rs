//! The words of conditions: when may a task start, said in Rust.
//!
//! Bring all of them into scope and join them with `&`, `|` and `!`. What comes out is a
//! [`Condition`](crate::cond::Condition), which prints itself as it would be written in a string.
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
//! | [`every("10 minutes")`](every()) | once so much time has passed since the previous run was due; [`based_on`](crate::cond::Every::based_on) [`start`], [`success`], [`fail`] or [`finish`] |
//! | [`secondly`] [`minutely`] [`hourly`] [`daily`] [`weekly`] [`monthly`] [`yearly`] | once in each unit, or in the part of it that follows: `daily.after("07:00")` |
//! | [`time_of_second`] [`time_of_minute`] [`time_of_hour`] [`time_of_day`] [`time_of_week`] [`time_of_month`] [`time_of_year`] | inside a part of each unit |
//! | [`cron("0 7 * * Mon-Fri")`](cron()) [`cron_with_seconds`] [`cron_fields`] | once in each match of a cron expression |
//! | [`crontime("* 7-18 * * *")`](crontime) [`crontime_with_seconds`] [`crontime_fields`] | inside the matches of a cron expression |
//! | [`once_per(period)`](once_per) [`one_start_per(period)`](one_start_per) | once in each occurrence of a period |
//! | [`past("2 hours")`](past) | a period for `once_per` and `within` |
//! | [`after_success(task)`](after_success) [`after_fail`] [`after_finish`] [`after_terminate`] | after another task has ended |
//! | [`after_all_success((a, b))`](after_all_success) [`after_all_fail`] [`after_all_finish`] [`after_all_terminate`] | after all of several |
//! | [`after_any_success((a, b))`](after_any_success) [`after_any_fail`] [`after_any_finish`] [`after_any_terminate`] | after some of several |
//! | [`started`] [`succeeded`] [`failed`] [`finished`] [`terminated`] [`inacted`] [`crashed`] | once something has happened to a task: `failed(task).today().at_least(3)` |
//! | [`running(task)`](running()) | while a task is running: `running(task).more_than("10 minutes")` |
//! | [`retry(3)`](retry()) [`retry_always`] | after a failure |
//! | [`scheduler_running()`](scheduler_running) [`scheduler_started("20 minutes")`](scheduler_started) [`scheduler_cycles()`](scheduler_cycles) | by how long and how often the scheduler has run |
//! | [`env("prod")`](env()) [`param_exists("x")`](param_exists) [`param_is("x", "y")`](param_is) | by the parameters of the session |
//! | [`always`] [`never`](static@never) | all the time, at no time |
//!
//! # Arguments
//!
//! A **task** is named by its function or by its name as a string; [`this_task`] is the task that the condition
//! belongs to, where a word can be about any task.
//!
//! A **bound** of a window is a text, as in a statement, or the number of a sub-unit. As the end of a window, a
//! number, a bare day and a bare month are included: `time_of_day.between(10, 12)` ends at 13:00, and
//! `time_of_day.between("10:00", "12:00")` at 12:00.
//!
//! A **length** is a text such as `"1 hour 30 minutes"`, or a [`Duration`](std::time::Duration).
//!
//! A mistake in an argument is reported, with its line of code, when an app is built from the condition.
//! In the attribute of a task it does not compile.

#![expect(
    non_upper_case_globals,
    reason = "the words read as a sentence: `daily.after(\"07:00\") & always`"
)]

mod after;
pub(super) mod arg;
pub(super) mod constant;
pub(super) mod cron;
pub(super) mod cycle;
pub(super) mod every;
mod methods;
pub(super) mod mistake;
pub(super) mod once;
mod params;
pub(super) mod retry;
pub(super) mod running;
pub(super) mod scheduler;
pub(super) mod status;
pub(super) mod time_of;

// Functions and constants only: the types live in `cond`, so that bringing all words into scope hides no
// type and no task of the user's.
pub use after::{
    after_all_fail, after_all_finish, after_all_success, after_all_terminate, after_any_fail,
    after_any_finish, after_any_success, after_any_terminate, after_fail, after_finish, after_success,
    after_terminate,
};
pub use constant::{always, never};
pub use cron::{cron, cron_fields, cron_with_seconds, crontime, crontime_fields, crontime_with_seconds};
pub use cycle::{daily, hourly, minutely, monthly, secondly, weekly, yearly};
pub use every::{every, fail, finish, start, success};
pub use once::{once_per, one_start_per};
pub use params::{env, param_exists, param_is};
pub use retry::{retry, retry_always};
pub use running::running;
pub use scheduler::{scheduler_cycles, scheduler_running, scheduler_started};
pub use status::{crashed, failed, finished, inacted, started, succeeded, terminated, this_task};
pub use time_of::{
    past, time_of_day, time_of_hour, time_of_minute, time_of_month, time_of_second, time_of_week,
    time_of_year,
};
