use rocketry::prelude::*;

#[cond]
fn is_workday() -> bool {
    true
}

#[task(daily & is_workday)]
fn nightly() {}
