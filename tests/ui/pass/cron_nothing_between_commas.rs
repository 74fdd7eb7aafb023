use rocketry::prelude::*;

#[task(cron("1,2 * * * *"))]
fn nightly() {}
