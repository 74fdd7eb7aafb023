use rocketry::prelude::*;

#[task("daily aftr 10:00", timeout = 10, prioriti = 1)]
fn nightly(#[arg] text: String, _: u8) {
    drop(text);
}

fn main() {}
