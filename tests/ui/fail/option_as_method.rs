use rocketry::prelude::*;

#[task(daily.group("reports"))]
fn nightly() {}

fn main() {}
