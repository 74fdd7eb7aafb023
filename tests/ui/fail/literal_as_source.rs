use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(10)] limit: i32) {
    let _ = limit;
}

fn main() {}
