use rocketry::prelude::*;

#[task(daily, allow(never_true))]
fn spelt() {}

#[task(allow(never_true, always_true))]
fn alone() {}
