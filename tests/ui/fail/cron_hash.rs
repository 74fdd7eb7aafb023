use rocketry::prelude::*;

#[task("cron H 5 * * *")]
fn nightly() {}

fn main() {}
