use rocketry::prelude::*;

#[task(daily, jitter = "30 seconds")]
fn nightly() {}
