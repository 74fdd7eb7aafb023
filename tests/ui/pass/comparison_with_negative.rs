use rocketry::prelude::*;

#[task(failed(this_task) > 0)]
fn nightly() {}
