use rocketry::prelude::*;

#[task(daily, timezone = "Helsinki, Finland")]
fn nightly() {}

fn main() {}
