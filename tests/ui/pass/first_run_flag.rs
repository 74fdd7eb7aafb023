use rocketry::prelude::*;

#[task(daily, first_run = "due")]
fn nightly() {}
