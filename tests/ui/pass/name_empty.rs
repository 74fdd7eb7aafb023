use rocketry::prelude::*;

#[task(daily, name = "tidy up")]
fn nightly() {}
