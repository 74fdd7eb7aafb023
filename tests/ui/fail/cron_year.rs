use rocketry::prelude::*;

#[task(cron_with_seconds("0 0 12 1 1 ? 2027"))]
fn nightly() {}

fn main() {}
