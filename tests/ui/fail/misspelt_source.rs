use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(EnvArgs("TEXT"))] text: String) {
    drop(text);
}

fn main() {}
