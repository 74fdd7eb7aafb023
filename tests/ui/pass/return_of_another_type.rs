use rocketry::prelude::*;

#[task(daily)]
fn load() -> String {
    String::new()
}

#[task(after_success(load))]
fn nightly(#[arg(Return(load))] value: String) {
    drop(value);
}
