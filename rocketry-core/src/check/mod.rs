//! Lints: schedules that are rarely meant as they are written.
//!
//! [`Rocketry::check`](crate::Rocketry::check) builds an app and checks it without running it,
//! [`Session::check`](crate::Session::check) checks an app that is built or runs, and [`check_statement`] checks a single start
//! condition. The command line has the command `check`. Lints that are marked are also found by `#[task]` while compiling.
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
//! | lint | compile time | an example | instead |
//! |---|---|---|---|
//! | `never_true` | error | `weekly on Monday & weekly on Friday` is never true; nor is `daily & until 2020-01-01` any more | `weekly on Monday, Friday` |
//! | `always_true` | warning | `hourly \| true` is always true | `hourly` |
//! | `once_a_window` | warning | `daily between 10:00 and 12:00 & every 10 minutes` runs once a day | `time of day between 10:00 and 12:00 & every 10 minutes` |
//! | `day_not_in_every_month` | warning | `monthly on 31st` comes seven times a year | `monthly on last day` |
//! | `uneven_step` | warning | `cron */40 * * * *` starts in the minutes 0 and 40 | `every 40 minutes` |
//! | `both_day_fields` | warning | `cron 0 9 13 * Fri` starts on each 13th and on each Friday | `cron 0 9 13 * +Fri` |
//! | `clock_change` | | `daily at 02:30` in a zone whose clock skips or repeats that time within a year | `daily at 03:30` |
//! | `after_never` | | `after task 'x'`, where `x` has no start condition, is disabled or is never true | a start condition for `x` |
//! | `circle` | | `a` comes after `b`, and `b` after `a` | `daily \| after task 'b'` for `a` |
//! | `interval_too_short` | | `every 10 seconds`, while the runs in the run log take 25 seconds in the median | `every 30 seconds` |
//! | `timeout_over_interval` | | `every 1 minute` with `timeout = "5 minutes"`, while a run under way skips starts | `timeout = "1 minute"` |
//! | `grace_over_period` | | `cron */5 * * * * grace 1 hour` | `grace 5 minutes` |
//! | `many_at_once` | | more than ten tasks are due at one instant of the coming week | `jitter = "5 minutes"`, or a pool |
//! | `unused_condition` | | a `#[cond]`, or a condition added in code, that no task uses | |
//! | `unused_parameter` | | a parameter that no function takes and no statement mentions | |
//!
//! # Allowing a lint
//!
//! What is meant as it is written is allowed by name: for a task with `#[task(…, allow(both_day_fields))]` or
//! [`TaskBuilder::allow`](crate::TaskBuilder::allow), for the app with [`Rocketry::allow`](crate::Rocketry::allow). What is allowed
//! is not reported. A condition that excludes itself is an error when the app is built, unless `never_true` is allowed.
//!
//! # What is not reported
//!
//! A lint reports only what is certain. Parameters of a session are not reported if a function takes a handle such as
//! [`Session`](crate::Session), through which it may read any of them. A task that comes after others by one of several
//! alternatives may start. The length of runs counts from five runs on.

mod app;
mod clock;
mod crowd;
mod finding;
mod graph;
mod outlook;
mod statement;
mod task;
mod tasks;
mod unused;

pub use finding::{Finding, Place, Severity};
pub use rocketry_syntax::{Lint, UnknownLint};
pub use statement::check_statement;
