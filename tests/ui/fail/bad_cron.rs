use rocketry::prelude::*;

#[task(cron("61 * * * *"))]
fn nightly() {}

fn main() {}
