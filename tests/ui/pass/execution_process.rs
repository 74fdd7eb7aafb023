use rocketry::prelude::*;

#[task(daily, execution = "main")]
fn nightly() {}
