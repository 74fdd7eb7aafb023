use rocketry::prelude::*;

#[task("cron 0 0 * * #1")]
fn nightly() {}

fn main() {}
