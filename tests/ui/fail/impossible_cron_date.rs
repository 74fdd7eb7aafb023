use rocketry::prelude::*;

#[task("cron 0 0 30 2 *")]
fn nightly() {}

fn main() {}
