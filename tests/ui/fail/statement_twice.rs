use rocketry::prelude::*;

#[task(daily, start = hourly)]
fn nightly() {}

fn main() {}
