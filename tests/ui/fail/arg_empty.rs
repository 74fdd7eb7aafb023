use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg] text: String) {
    drop(text);
}

fn main() {}
