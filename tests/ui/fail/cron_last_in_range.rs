use rocketry::prelude::*;

#[task("cron 0 0 29-L * *")]
fn nightly() {}

fn main() {}
