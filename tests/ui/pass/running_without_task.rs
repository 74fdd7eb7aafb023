use rocketry::prelude::*;

#[task(daily & (running(this_task) <= 4))]
fn nightly() {}
