use rocketry::prelude::*;

#[task(daily, timeout = "never")]
fn nightly() {}
