use rocketry::prelude::*;

#[task(daily.at(["06:00", "23:00"]))]
fn times() {}

#[task(daily.at("09:30").on("weekdays"))]
fn days() {}

#[task(weekly.on([Mon, Fri]).at("7 am"))]
fn time_of_days() {}

#[task(every("2 weeks").on("Monday").from("2026-01-02"))]
fn day_of_a_week() {}

#[task(from("2026-02-28") & until("2026-12-01"))]
fn dates() {}

#[task("every 2 weeks on Friday from 2026-01-02")]
fn anchor() {}

#[task("monthly on fifth Monday", allow(day_not_in_every_month))]
fn ordinal() {}

#[task("monthly on last business day of 'nyse'")]
fn calendar() {}
