use rocketry::prelude::*;

#[task(cron("0 5 * * Mon, Fri"))]
fn nightly() {}

fn main() {}
