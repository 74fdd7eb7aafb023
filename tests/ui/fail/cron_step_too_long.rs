use rocketry::prelude::*;

#[task("cron */100 * * * *")]
fn nightly() {}

fn main() {}
