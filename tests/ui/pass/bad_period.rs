use rocketry::prelude::*;

#[task(once_per("time of day after 10:00"))]
fn nightly() {}
