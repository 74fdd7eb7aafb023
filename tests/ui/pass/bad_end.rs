use rocketry::prelude::*;

#[task(daily, end = "daily before 10:00")]
fn nightly() {}
