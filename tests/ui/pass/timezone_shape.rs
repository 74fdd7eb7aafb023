use rocketry::prelude::*;

#[task(daily, timezone = "Europe/Helsinki")]
fn nightly() {}
