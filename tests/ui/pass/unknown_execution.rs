use rocketry::prelude::*;

#[task(daily, execution = "thread")]
fn nightly() {}
