use rocketry::prelude::*;

#[task(daily)]
fn nightly(text: String) {
    drop(text);
}
