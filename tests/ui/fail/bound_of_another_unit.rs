use rocketry::prelude::*;

#[task(hourly.after("Monday"))]
fn nightly() {}

fn main() {}
