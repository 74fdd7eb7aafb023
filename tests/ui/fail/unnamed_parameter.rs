use rocketry::prelude::*;

#[task(daily)]
fn nightly(_: String) {}

fn main() {}
