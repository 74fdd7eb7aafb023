use rocketry::prelude::*;

#[task("daily after 23:00")]
fn nightly() {}
