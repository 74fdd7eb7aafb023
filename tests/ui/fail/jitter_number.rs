use rocketry::prelude::*;

#[task(daily, jitter = 30)]
fn nightly() {}

fn main() {}
