use rocketry::prelude::*;

#[task(daily)]
fn nightly() {}
