use rocketry::prelude::*;

#[task(daily, timeout = "2 weeks")]
fn nightly() {}
