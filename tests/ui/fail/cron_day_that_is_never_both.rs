use rocketry::prelude::*;

#[task("cron 0 0 1-7 * +Mon#2")]
fn nightly() {}

fn main() {}
