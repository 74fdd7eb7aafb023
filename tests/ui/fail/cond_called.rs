use rocketry::prelude::*;

fn is_workday() -> bool {
    true
}

#[task(daily & is_workday())]
fn nightly() {}

fn main() {}
