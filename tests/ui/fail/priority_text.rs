use rocketry::prelude::*;

#[task(daily, priority = "high")]
fn nightly() {}

fn main() {}
