use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg("greeting")] text: String) {
    let _ = text.len();
}
