//! Lints: schedules that rarely mean what they say.
//!
//! [`Rocketry::check`](crate::Rocketry::check) builds an app and checks it without running it,
//! [`Session::check`](crate::Session::check) checks an app that is built or running, and [`check_statement`]
//! checks a single start condition. The command line has the command `check`. `#[task]` also reports the
//! lints with an entry in the column *compile time*.
//!
//! A [`Finding`] says what happens, where, and what to write instead:
//!
//! ```
//! use rocketry::check::check_statement;
//!
//! let findings = check_statement("daily between 10:00 and 12:00 & every 10 minutes", "UTC", "2026-01-01T00:00:00Z")?;
//! assert_eq!(
//!     findings[0].to_string(),
//!     "\
//! warning: `daily between 10:00 and 12:00` lets the task run once in each of its windows, so `every 10 minutes` never starts it \
//! again within one
//!   |
//!   | daily between 10:00 and 12:00 & every 10 minutes
//!   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   = help: to run every 10 minutes within the window, write `time of day between 10:00 and 12:00 & every 10 minutes`; to run \
//! once, leave `every 10 minutes` out
//!   = note: `allow(once_a_window)` silences this",
//! );
//! # Ok::<(), rocketry::Error>(())
//! ```
//!
//! # The lints
//!
//! | lint | compile time | example | replacement |
//! |---|---|---|---|
//! | `never_true` | error | `weekly on Monday & weekly on Friday` is never true; neither is `daily & until 2020-01-01` after that date | `weekly on Monday, Friday` |
//! | `always_true` | warning | `hourly \| true` is always true | `hourly` |
//! | `once_a_window` | warning | `daily between 10:00 and 12:00 & every 10 minutes` runs only once a day | `time of day between 10:00 and 12:00 & every 10 minutes` |
//! | `day_not_in_every_month` | warning | `monthly on 31st` runs seven times a year | `monthly on last day` |
//! | `uneven_step` | warning | `cron */40 * * * *` starts in the minutes 0 and 40 | `every 40 minutes` |
//! | `both_day_fields` | warning | `cron 0 9 13 * Fri` starts on each 13th and on each Friday | `cron 0 9 13 * +Fri` |
//! | `clock_change` | | `daily at 02:30` in a zone whose clock skips or repeats that time within a year | `daily at 03:30` |
//! | `after_never` | | `after task 'x'`, where `x` has no start condition, is disabled or has a condition that is never true | a start condition for `x` |
//! | `circle` | | `a` starts after `b`, and `b` after `a` | `daily \| after task 'b'` for `a` |
//! | `interval_too_short` | | `every 10 seconds`, while the median run in the run log takes 25 seconds | `every 30 seconds` |
//! | `timeout_over_interval` | | `every 1 minute` with `timeout = "5 minutes"`, if starts are skipped while the task runs | `timeout = "1 minute"` |
//! | `grace_over_period` | | `cron */5 * * * * grace 1 hour` | `grace 5 minutes` |
//! | `many_at_once` | | more than ten tasks are due at the same instant within a week | `jitter = "5 minutes"`, or a pool |
//! | `unused_condition` | | a `#[cond]`, or a condition added in code, that no task uses | |
//! | `unused_parameter` | | a parameter that no function takes and no statement mentions | |
//!
//! # Silencing a lint
//!
//! To keep an intended schedule, allow its lint by name: for a task with `#[task(…, allow(both_day_fields))]`
//! or [`TaskBuilder::allow`](crate::TaskBuilder::allow), for the app with
//! [`Rocketry::allow`](crate::Rocketry::allow). A condition that contradicts itself is a build error, unless
//! `never_true` is allowed.
//!
//! # Limits of the lints
//!
//! The lints report only what is certain. Session parameters are not reported if a function takes a handle
//! such as [`Session`](crate::Session), through which it may read any of them. A task that follows others in
//! only one of several alternatives is assumed to start. The durations of runs are considered from five runs
//! on.

mod app;
mod clock;
mod finding;
mod graph;
mod outlook;
mod same_instant;
mod statement;
mod task;
mod tasks;
mod unused;

pub use finding::{Finding, Place, Severity};
pub use rocketry_syntax::{Lint, UnknownLint};
pub use statement::check_statement;
