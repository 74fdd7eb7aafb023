use rocketry::prelude::*;

#[task(after_success(fetch))]
fn nightly() {}

fn main() {}
