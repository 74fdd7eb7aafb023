use rocketry::prelude::*;

#[task(daily, unique = "yes")]
fn nightly() {}

fn main() {}
