use rocketry::prelude::*;

#[task("daily after 10:00")]
fn nightly() {}
