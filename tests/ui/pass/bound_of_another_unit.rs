use rocketry::prelude::*;

#[task(weekly.after("Monday"))]
fn nightly() {}
