use rocketry::prelude::*;

#[task(daily, pool = "db")]
fn nightly() {}
