use rocketry::prelude::*;

#[task(daily.between("10:00", "25:00"))]
fn nightly() {}

fn main() {}
