use rocketry::prelude::*;

#[task(daily, group = "red")]
fn nightly() {}
