use rocketry::prelude::*;

#[task("daily aftr 10:00")]
fn nightly() {}

fn main() {}
