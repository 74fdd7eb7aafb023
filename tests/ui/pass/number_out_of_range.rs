use rocketry::prelude::*;

#[task(hourly.after(45))]
fn nightly() {}
