use rocketry::prelude::*;

#[task("cron 0 0 29 2 *")]
fn nightly() {}
