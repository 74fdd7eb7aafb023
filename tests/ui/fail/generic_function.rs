use rocketry::prelude::*;

#[task(daily)]
fn nightly<T: Default>(value: T) {
    drop(value);
}

fn main() {}
