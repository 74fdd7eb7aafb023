use rocketry::prelude::*;

#[task(daily)]
fn nightly(value: String) {
    drop(value);
}
