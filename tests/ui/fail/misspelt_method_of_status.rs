use rocketry::prelude::*;

#[task(failed(this_task).tody())]
fn nightly() {}

fn main() {}
