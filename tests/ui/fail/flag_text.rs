use rocketry::prelude::*;

#[task(daily, disabled = "true")]
fn nightly() {}

fn main() {}
