use rocketry::prelude::*;

#[task(daily, color = "red")]
fn nightly() {}

fn main() {}
