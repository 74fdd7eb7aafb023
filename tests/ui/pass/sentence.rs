use rocketry::prelude::*;

#[task("daily at 10:00")]
fn each_day() {}

#[task("every 5 minutes")]
fn each() {}

#[task("scheduler has run over 5 minutes & ~has started")]
fn later() {}

#[task("weekly on Monday")]
fn monday() {}

#[task("every 2 days")]
fn other() {}

#[task("daily between 09:00 and 17:00")]
fn window() {}

#[task("daily at 12:00")]
fn noon() {}

#[task("weekly on Monday 10:00")]
fn at() {}

#[task("yearly on December 25th")]
fn date() {}

#[task("yearly")]
fn annually() {}

#[task("every 2 weeks")]
fn biweekly() {}

#[task("weekly on Monday, Friday")]
fn list_of_days() {}

#[task("daily at 10:00, 18:00")]
fn list_of_times() {}

#[task("daily at 09:30 on weekdays")]
fn weekdays() {}

#[task("daily on weekdays")]
fn weekday() {}

#[task("once at 2026-07-04 12:00")]
fn once() {}

#[task("every 2 weeks on Friday from 2026-01-01")]
fn fortnight() {}

#[task(weekly.at("Monday 00:00"))]
fn week() {}

#[task("hourly after 16:08")]
fn hour() {}

#[task("every 300 seconds")]
fn seconds() {}

#[task(daily & "scheduler has at least 3 cycles")]
fn cycles() {}
