use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg("text")] text: String) {
    drop(text);
}
