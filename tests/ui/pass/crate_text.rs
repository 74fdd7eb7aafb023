use rocketry::prelude::*;

#[task(daily, crate = ::rocketry)]
fn nightly() {}
