use rocketry::prelude::*;

#[task("every 10 fortnights")]
fn nightly() {}

fn main() {}
