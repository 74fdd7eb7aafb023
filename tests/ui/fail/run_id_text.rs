use rocketry::prelude::*;

#[task(daily, run_id = "by_day")]
fn nightly() {}

fn main() {}
