use rocketry::prelude::*;

#[task(daily, catch_up = "lats")]
fn nightly() {}

#[task(daily, catch_up = "all within 2")]
fn weekly() {}

#[task(daily, catch_up = true)]
fn monthly() {}

fn main() {}
