use rocketry::prelude::*;

#[task(daily, timout = "10 minutes")]
fn nightly() {}

fn main() {}
