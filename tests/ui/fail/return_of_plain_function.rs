use rocketry::prelude::*;

fn load() -> String {
    String::new()
}

#[task(daily)]
fn nightly(#[arg(Return(load))] value: String) {
    drop(value);
}

fn main() {}
