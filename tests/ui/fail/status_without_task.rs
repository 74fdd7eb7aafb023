use rocketry::prelude::*;

#[task(daily & failed.this_week())]
fn nightly() {}

fn main() {}
