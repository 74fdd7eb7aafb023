use rocketry::prelude::*;

#[task(daily, execution = "process")]
fn nightly() {}

fn main() {}
