use rocketry::prelude::*;

#[task("cron 0 0 * * Mon#1")]
fn nightly() {}
