use rocketry::prelude::*;

#[task(daily, overlap = "replace")]
fn nightly() {}
