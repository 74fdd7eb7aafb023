use rocketry::prelude::*;

#[task("cron 0 5 * * *")]
fn nightly() {}
