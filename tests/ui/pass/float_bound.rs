use rocketry::prelude::*;

#[task(daily.after("01:30"))]
fn nightly() {}
