use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[given] text: String) {
    drop(text);
}

fn main() {}
