use rocketry::prelude::*;

#[task("every day at 10:00")]
fn each_day() {}

#[task("each 5 minutes")]
fn each() {}

#[task("in 5 minutes")]
fn later() {}

#[task("every monday")]
fn monday() {}

#[task("every other day")]
fn other() {}

#[task("daily from 9:00 to 17:00")]
fn window() {}

#[task("daily at noon")]
fn noon() {}

#[task("weekly on Monday at 10:00")]
fn at() {}

#[task("yearly on 25 December")]
fn date() {}

#[task("annually")]
fn annually() {}

#[task("biweekly")]
fn biweekly() {}

#[task("weekly on Monday and Friday")]
fn list_of_days() {}

#[task("daily at 10:00 and 18:00")]
fn list_of_times() {}

#[task("weekdays at 9:30")]
fn weekdays() {}

#[task("weekday")]
fn weekday() {}

#[task("at 2026-07-04 12:00")]
fn once() {}

#[task("every other friday")]
fn fortnight() {}

#[task(weekly.at("00:00"))]
fn week() {}

#[task("hourly after 10:16:08")]
fn hour() {}

#[task("every 300")]
fn seconds() {}

#[task(daily & "scheduler has 3 cycles")]
fn cycles() {}

fn main() {}
