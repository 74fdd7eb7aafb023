use rocketry::prelude::*;

#[task(daily, timeout =)]
fn nightly() {}

fn main() {}
