use rocketry::prelude::*;

fn fetch() {}

#[task(after_success(fetch))]
fn nightly() {}

fn main() {}
