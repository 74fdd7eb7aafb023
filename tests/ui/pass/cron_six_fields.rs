use rocketry::prelude::*;

#[task(cron_with_seconds("0 0 12 * * ?"))]
fn nightly() {}
