use rocketry::prelude::*;

#[task("every 2 weeks")]
fn nightly() {}
