//! Lints: schedules that are rarely meant as they are written.
//!
//! [`check_statement`] checks a single start condition.
//!
//! | lint | finds | instead |
//! |---|---|---|
//! | `never_true` | `weekly on Monday & weekly on Friday`: never true | `weekly on Monday, Friday` |
//! | `always_true` | `hourly \| true`: always true | `hourly` |
//! | `once_a_window` | `daily between 10:00 and 12:00 & every 10 minutes`: runs once a day | `time of day between 10:00 and 12:00 & every 10 minutes` |
//! | `day_not_in_every_month` | `monthly on 31st`: comes seven times a year | `monthly on last day` |
//! | `uneven_step` | `cron */40 * * * *`: starts in the minutes 0 and 40 | `every 40 minutes` |
//! | `both_day_fields` | `cron 0 9 13 * Fri`: starts on each 13th and on each Friday | `cron 0 9 13 * +Fri` |
//! | `clock_change` | `daily at 02:30`, which the clock skips or repeats twice a year | `daily at 03:30` |

mod clock;
mod finding;
mod statement;

pub use finding::{Finding, Place, Severity};
pub use rocketry_syntax::{Lint, UnknownLint};
pub use statement::check_statement;
