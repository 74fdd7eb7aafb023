use rocketry::prelude::*;

#[task(daily, timeout = "10 minutes", priority = 1, timeout = "20 minutes")]
fn nightly() {}

fn main() {}
