use rocketry::prelude::*;

#[task(every("0 seconds"))]
fn nightly() {}

fn main() {}
