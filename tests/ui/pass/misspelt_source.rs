use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(EnvArg("TEXT"))] text: String) {
    drop(text);
}
