use rocketry::prelude::*;

#[task("cron ,1 * * * *")]
fn nightly() {}

fn main() {}
