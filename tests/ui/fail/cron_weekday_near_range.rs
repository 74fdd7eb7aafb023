use rocketry::prelude::*;

#[task("cron 0 0 1-15W * *")]
fn nightly() {}

fn main() {}
