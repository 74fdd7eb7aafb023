use rocketry::prelude::*;

#[task(daily, timeout = "10 fortnights")]
fn nightly() {}

fn main() {}
