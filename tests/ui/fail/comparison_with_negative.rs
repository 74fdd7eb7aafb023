use rocketry::prelude::*;

#[task(failed(this_task) > -1)]
fn nightly() {}

fn main() {}
