use rocketry::prelude::*;

#[task("daily after 25:00")]
fn nightly() {}

fn main() {}
