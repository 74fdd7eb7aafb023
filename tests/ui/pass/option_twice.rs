use rocketry::prelude::*;

#[task(daily, timeout = "10 minutes", priority = 1)]
fn nightly() {}
