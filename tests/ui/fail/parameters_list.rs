use rocketry::prelude::*;

#[task(daily, parameters = [1])]
fn nightly(limit: i32) {
    let _ = limit;
}

fn main() {}
