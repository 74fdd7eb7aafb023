use rocketry::prelude::*;

#[task(daily.between("10:00", "24:00"))]
fn nightly() {}
