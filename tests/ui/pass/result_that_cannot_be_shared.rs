use rocketry::prelude::*;

#[task(daily)]
fn nightly() -> std::sync::Arc<u8> {
    std::sync::Arc::new(1)
}
