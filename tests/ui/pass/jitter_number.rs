use rocketry::prelude::*;

#[task(daily, jitter = "30 s")]
fn nightly() {}
