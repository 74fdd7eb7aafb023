use rocketry::prelude::*;

#[task(daily, catch_up = "last")]
fn nightly() {}

#[task(daily, catch_up = "all within 2 days")]
fn weekly() {}

#[task(daily, catch_up = rocketry::CatchUp::None)]
fn monthly() {}
