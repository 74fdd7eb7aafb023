use rocketry::prelude::*;

#[task(daily, overlap = "quue")]
fn nightly() {}

fn main() {}
