use rocketry::prelude::*;

#[task(daily.after(1.5))]
fn nightly() {}

fn main() {}
