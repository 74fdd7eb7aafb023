use rocketry::prelude::*;

#[task("cron CRON_TZ=Europe/Berlin 0 5 * * *")]
fn nightly() {}

fn main() {}
