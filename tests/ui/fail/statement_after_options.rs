use rocketry::prelude::*;

#[task(disabled = true, daily)]
fn nightly() {}

fn main() {}
