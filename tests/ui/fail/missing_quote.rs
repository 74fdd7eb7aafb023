use rocketry::prelude::*;

#[task("after task 'fetch")]
fn nightly() {}

fn main() {}
