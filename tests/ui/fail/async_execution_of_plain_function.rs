use rocketry::prelude::*;

#[task(daily, execution = "async")]
fn nightly() {}

fn main() {}
