use rocketry::prelude::*;

#[task(daily)]
fn nightly(_text: String) {}
