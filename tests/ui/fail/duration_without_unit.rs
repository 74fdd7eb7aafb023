use rocketry::prelude::*;

#[task(daily, timeout = 10)]
fn nightly() {}

fn main() {}
