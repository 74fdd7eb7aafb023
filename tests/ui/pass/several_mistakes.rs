use rocketry::prelude::*;

#[task("daily after 10:00", timeout = "10 seconds", priority = 1)]
fn nightly(#[arg("text")] text: String, number: u8) {
    drop((text, number));
}
