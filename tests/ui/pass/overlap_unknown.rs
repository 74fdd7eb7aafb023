use rocketry::prelude::*;

#[task(daily, overlap = "queue")]
fn nightly() {}
