use rocketry::prelude::*;

#[task(daily, retry = 3)]
fn nightly() {}

fn main() {}
