use rocketry::prelude::*;

#[task("never")]
fn nightly() {}
