use rocketry::prelude::*;

#[task(daily & (failed(this_task).today() >= 3))]
fn nightly() {}
