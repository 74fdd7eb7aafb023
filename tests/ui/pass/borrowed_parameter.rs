use rocketry::prelude::*;

#[task(daily)]
fn nightly(text: std::sync::Arc<String>) {
    let _ = text.len();
}
