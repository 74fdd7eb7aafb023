use rocketry::prelude::*;

#[task(daily, jitter = "30 secnds")]
fn nightly() {}

fn main() {}
