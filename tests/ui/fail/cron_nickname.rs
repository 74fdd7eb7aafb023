use rocketry::prelude::*;

#[task(cron("@daily"))]
fn nightly() {}

fn main() {}
