use rocketry::prelude::*;

#[task(daily, timeout = 10)]
fn load() -> String {
    String::new()
}

#[cond("is {late", x)]
fn is_late() -> bool {
    true
}

#[task(after_success(load) & is_late)]
fn nightly(#[arg(Return(load))] value: String) {
    drop(value);
}

fn main() {}
