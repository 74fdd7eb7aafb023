use rocketry::prelude::*;

#[task("cron 0 0 12 ? * 2-6")]
fn nightly() {}

fn main() {}
