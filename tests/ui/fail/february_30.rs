use rocketry::prelude::*;

#[task(yearly.on("February 30th"))]
fn nightly() {}

fn main() {}
