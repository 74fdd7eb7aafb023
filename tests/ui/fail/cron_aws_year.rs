use rocketry::prelude::*;

#[task("cron 0 18 ? * Mon-Fri *")]
fn nightly() {}

fn main() {}
