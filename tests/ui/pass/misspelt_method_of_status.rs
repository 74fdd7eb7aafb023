use rocketry::prelude::*;

#[task(failed(this_task).today())]
fn nightly() {}
