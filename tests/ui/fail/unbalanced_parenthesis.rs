use rocketry::prelude::*;

#[task("(daily | hourly) & (weekly")]
fn nightly() {}

fn main() {}
