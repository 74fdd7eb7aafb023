use rocketry::prelude::*;

#[task("cron 0 5 * * *", jitter = "1 hour")]
fn nightly() {}
