#![deny(deprecated)]

use rocketry::prelude::*;

#[task("hourly | true")]
fn constantly() {}

#[task(is_idle & (daily | !daily))]
fn always() {}

#[cond("is idle")]
fn is_idle() -> bool {
    true
}

#[task("daily & never")]
fn never_here() {}

#[task(daily.between("10:00", "12:00") & every("10 minutes"))]
fn once_in_each_window() {}

#[task(monthly.on("31st"))]
fn wages() {}

#[task(cron("*/40 * * * *"))]
fn in_steps() {}

#[task("cron 0 0 */7 * *")]
fn each_week() {}

#[task(is_idle & cron("0 9 13 * Fri"))]
fn superstition() {}

#[task(daily, end = "cron 0 9 13 * Fri")]
fn ended() {}

fn main() {}
