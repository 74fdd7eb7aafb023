use rocketry::prelude::*;

#[task("cron 0 0 L-2 * *")]
fn nightly() {}
