//! The schedulers that Rust users would pick otherwise, each set up as its own documentation shows.

mod apalis_cron;
mod clokwerk;
mod programs;
mod tokio_cron_scheduler;

pub(crate) use apalis_cron::ApalisCron;
pub(crate) use clokwerk::Clokwerk;
pub(crate) use programs::{ApalisSqlite, PythonRocketry, missing};
pub(crate) use tokio_cron_scheduler::TokioCronScheduler;

use crate::clock;
use crate::job::When;

/// The times that all of them know.
fn knows(when: When) -> bool {
    matches!(when, When::Once(_) | When::EverySecond | When::Idle(_))
}

/// A cron expression of six fields, seconds first, with the days of the week as names.
fn cron(when: When) -> String {
    match when {
        When::Once(second) => format!("{} {} {} * * *", second % 60, second / 60 % 60, second / 3600),
        When::Idle(number) => {
            let (hour, minute) = (clock::hour_ahead(number), number / 24 % 60);
            match number % 2 {
                0 => format!("0 {minute} {hour} * * *"),
                _ => format!("0 {minute} {hour} * * {}", &clock::day_ahead(number)[..3]),
            }
        }
        _ => "* * * * * *".to_owned(),
    }
}
