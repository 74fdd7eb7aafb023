use rocketry::prelude::*;

#[task(daily, priority = 10)]
fn nightly() {}
