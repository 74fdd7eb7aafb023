use rocketry::prelude::*;

#[task(failed(this_task).today() >= "3")]
fn nightly() {}

fn main() {}
