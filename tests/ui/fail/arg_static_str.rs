use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg("greeting")] text: &'static str) {
    let _ = text.len();
}

fn main() {}
