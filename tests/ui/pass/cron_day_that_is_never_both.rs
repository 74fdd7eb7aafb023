use rocketry::prelude::*;

#[task("cron 0 0 1 * +Mon")]
fn nightly() {}
