use rocketry::prelude::*;

#[task("cron 0 5 * * *", timezone = "Europe/Berlin")]
fn nightly() {}
