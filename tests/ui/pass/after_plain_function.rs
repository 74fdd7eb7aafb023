use rocketry::prelude::*;

#[task(daily)]
fn fetch() {}

#[task(after_success(fetch))]
fn nightly() {}
