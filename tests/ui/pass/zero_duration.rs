use rocketry::prelude::*;

#[task(every("1 second"))]
fn nightly() {}
