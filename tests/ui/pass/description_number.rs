use rocketry::prelude::*;

#[task(daily, description = "Tidies up.")]
fn nightly() {}
