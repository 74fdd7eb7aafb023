use rocketry::prelude::*;

#[task(daily, overlap = true)]
fn nightly() {}

fn main() {}
