use rocketry::prelude::*;

#[task(10)]
fn nightly() {}

fn main() {}
