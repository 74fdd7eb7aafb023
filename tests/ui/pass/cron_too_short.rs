use rocketry::prelude::*;

#[task("cron 0 7 * * *")]
fn nightly() {}
