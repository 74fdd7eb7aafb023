use rocketry::prelude::*;

#[task("cron 0 0 * * L")]
fn nightly() {}

fn main() {}
