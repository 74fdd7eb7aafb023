use rocketry::prelude::*;

#[task(daily, end = "daily befor 10:00")]
fn nightly() {}

fn main() {}
