use rocketry::prelude::*;

#[task(cron("59 * * * *"))]
fn nightly() {}
