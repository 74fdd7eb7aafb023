use rocketry::prelude::*;

#[task(daily)]
unsafe fn nightly() {}

fn main() {}
