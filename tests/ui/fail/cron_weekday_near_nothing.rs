use rocketry::prelude::*;

#[task("cron 0 0 W * *")]
fn nightly() {}

fn main() {}
