use rocketry::prelude::*;

#[task(daily, parameters = { limit = 1 })]
fn nightly(limit: i32) {
    let _ = limit;
}
