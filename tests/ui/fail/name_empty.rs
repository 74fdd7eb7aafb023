use rocketry::prelude::*;

#[task(daily, name = " ")]
fn nightly() {}

fn main() {}
