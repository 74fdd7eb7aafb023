use rocketry::prelude::*;

#[task("after task 'nightly'")]
fn nightly() {}
