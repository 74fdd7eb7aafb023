use rocketry::prelude::*;

#[task("every 100 minutes")]
fn nightly() {}
