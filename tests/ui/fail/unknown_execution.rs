use rocketry::prelude::*;

#[task(daily, execution = "thred")]
fn nightly() {}

fn main() {}
