use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg("text")] #[arg(EnvArg("TEXT"))] text: String) {
    drop(text);
}

fn main() {}
