use rocketry::prelude::*;

#[task(daily)]
extern "C" fn nightly() {}

fn main() {}
