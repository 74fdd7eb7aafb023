use rocketry::prelude::*;

#[task(daily)]
fn nightly(numbers: &[u32]) {
    let _ = numbers.len();
}

fn main() {}
