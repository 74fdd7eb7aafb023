use rocketry::prelude::*;

#[task(daily)]
fn nightly(text: impl Into<String>) {
    drop(text.into());
}

fn main() {}
