use rocketry::prelude::*;

#[task(once_per("time of dya after 10:00"))]
fn nightly() {}

fn main() {}
