use rocketry::prelude::*;

#[task(daily & failed(this_task).this_week())]
fn nightly() {}
