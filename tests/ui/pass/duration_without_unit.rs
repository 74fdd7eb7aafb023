use rocketry::prelude::*;

#[task(daily, timeout = "10 seconds")]
fn nightly() {}
