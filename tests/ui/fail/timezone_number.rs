use rocketry::prelude::*;

#[task(daily, timezone = 2)]
fn nightly() {}

fn main() {}
