use rocketry::prelude::*;

#[task(daily.at(["06:00", "25:00"]))]
fn no_time() {}

#[task(daily.at("09:30").on("weekdys"))]
fn no_days() {}

#[task(weekly.on([Mon, Fri]).at("7"))]
fn no_time_of_day() {}

#[task(every("2 weeks").on("first Monday").from("2026-01-02"))]
fn no_day_of_a_week() {}

#[task(from("2026-02-29") & until("tomorrow"))]
fn no_dates() {}

#[task("every 2 weeks on Friday")]
fn no_anchor() {}

#[task("monthly on sixth Monday")]
fn no_ordinal() {}

#[task("monthly on last business day")]
fn no_calendar() {}

fn main() {}
