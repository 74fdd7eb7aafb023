use rocketry::prelude::*;

#[task(daily)]
fn nightly(text: String) {
    let _ = text.len();
}
