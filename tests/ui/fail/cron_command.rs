use rocketry::prelude::*;

#[task("cron 0 5 * * * root /usr/bin/backup")]
fn nightly() {}

fn main() {}
