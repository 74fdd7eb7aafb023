use rocketry::prelude::*;

#[task(daily.after("23:59"))]
fn nightly() {}
