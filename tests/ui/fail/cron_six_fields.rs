use rocketry::prelude::*;

#[task(cron("0 0 12 * * ?"))]
fn nightly() {}

fn main() {}
