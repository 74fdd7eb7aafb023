use rocketry::prelude::*;

#[task(daily, description = 1)]
fn nightly() {}

fn main() {}
