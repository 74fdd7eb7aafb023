use rocketry::prelude::*;

#[task("")]
fn nightly() {}

fn main() {}
