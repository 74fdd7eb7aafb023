use rocketry::prelude::*;

#[task(yearly.on("February 29th"), allow(day_not_in_every_month))]
fn nightly() {}
