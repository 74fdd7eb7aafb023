use rocketry::prelude::*;

#[task(daily, first_run = "wait")]
fn nightly() {}
