use rocketry::prelude::*;

#[task("cron 0 0 29-31 * *")]
fn nightly() {}
