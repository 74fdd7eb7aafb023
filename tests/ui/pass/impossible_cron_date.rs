use rocketry::prelude::*;

#[task("cron 0 0 29 2 *", allow(day_not_in_every_month))]
fn nightly() {}
