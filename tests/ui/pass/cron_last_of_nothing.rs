use rocketry::prelude::*;

#[task("cron 0 0 * * FriL")]
fn nightly() {}
