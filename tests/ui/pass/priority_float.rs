use rocketry::prelude::*;

#[task(daily, priority = -1)]
fn nightly() {}
