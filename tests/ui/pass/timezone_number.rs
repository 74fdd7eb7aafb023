use rocketry::prelude::*;

#[task(daily, timezone = "UTC")]
fn nightly() {}
