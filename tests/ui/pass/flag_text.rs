use rocketry::prelude::*;

#[task(daily, disabled)]
fn nightly() {}
