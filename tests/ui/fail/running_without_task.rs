use rocketry::prelude::*;

#[task(daily & (running <= 4))]
fn nightly() {}

fn main() {}
