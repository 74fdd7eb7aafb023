use rocketry::prelude::*;

#[task("daily & hourly")]
fn nightly() {}
