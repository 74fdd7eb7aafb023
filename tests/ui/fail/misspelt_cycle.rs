use rocketry::prelude::*;

#[task("dailly after 10:00")]
fn nightly() {}

fn main() {}
