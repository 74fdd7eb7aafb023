use rocketry::prelude::*;

#[task(daily, timeout = "10 minutes")]
fn nightly() {}
