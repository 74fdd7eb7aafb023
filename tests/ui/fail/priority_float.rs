use rocketry::prelude::*;

#[task(daily, priority = 1.5)]
fn nightly() {}

fn main() {}
