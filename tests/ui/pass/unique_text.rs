use rocketry::prelude::*;

#[task(daily, unique = true)]
fn nightly() {}
