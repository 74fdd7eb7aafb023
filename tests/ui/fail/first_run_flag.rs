use rocketry::prelude::*;

#[task(daily, first_run = true)]
fn nightly() {}

fn main() {}
