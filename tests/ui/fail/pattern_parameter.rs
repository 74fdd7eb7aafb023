use rocketry::prelude::*;

#[task(daily)]
fn nightly((left, right): (u8, u8)) {
    let _ = left + right;
}

fn main() {}
