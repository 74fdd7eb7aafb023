use rocketry::prelude::*;

#[task(daily.after(-1))]
fn nightly() {}

fn main() {}
