use rocketry::prelude::*;

#[task(yearly.on("February 29th"))]
fn nightly() {}
