use rocketry::prelude::*;

#[task(cron("/5 * * * *"))]
fn nightly() {}

fn main() {}
