use rocketry::prelude::*;

#[task(daily, timeout = "10 seconds")]
fn load() -> String {
    String::new()
}

#[cond("is late")]
fn is_late() -> bool {
    true
}

#[task(after_success(load) & is_late)]
fn nightly(#[arg(Return(load))] value: String) {
    drop(value);
}
