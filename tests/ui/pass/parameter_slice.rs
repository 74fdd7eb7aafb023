use rocketry::prelude::*;

#[task(daily)]
fn nightly(numbers: Vec<u32>) {
    let _ = numbers.len();
}
