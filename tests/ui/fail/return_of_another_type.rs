use rocketry::prelude::*;

#[task(daily)]
fn load() -> u32 {
    1
}

#[task(after_success(load))]
fn nightly(#[arg(Return(load))] value: String) {
    drop(value);
}

fn main() {}
