use rocketry::prelude::*;

#[task(daily & ~running(this_task))]
fn nightly() {}

fn main() {}
