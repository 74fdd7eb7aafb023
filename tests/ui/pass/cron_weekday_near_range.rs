use rocketry::prelude::*;

#[task("cron 0 0 15W * *")]
fn nightly() {}
