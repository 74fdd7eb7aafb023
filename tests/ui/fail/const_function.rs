use rocketry::prelude::*;

#[task(daily)]
const fn nightly() {}

fn main() {}
