use rocketry::prelude::*;

#[task(start = daily)]
fn nightly() {}
