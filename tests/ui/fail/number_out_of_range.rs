use rocketry::prelude::*;

#[task(hourly.after(75))]
fn nightly() {}

fn main() {}
