use rocketry::prelude::*;

#[task("every 10 seconds")]
fn nightly() {}
