use rocketry::prelude::*;

#[task(daily, group = 5)]
fn nightly() {}

fn main() {}
