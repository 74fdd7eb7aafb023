use rocketry::prelude::*;

#[task(daily)]
fn nightly(text: &str) {
    let _ = text.len();
}

fn main() {}
