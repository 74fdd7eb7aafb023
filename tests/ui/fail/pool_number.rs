use rocketry::prelude::*;

#[task(daily, pool = 4)]
fn nightly() {}

fn main() {}
