use rocketry::prelude::*;

#[task(daily, first_run = "weit")]
fn nightly() {}

fn main() {}
