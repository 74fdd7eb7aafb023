use rocketry::prelude::*;

#[task(daily.after("24:00"))]
fn nightly() {}

fn main() {}
