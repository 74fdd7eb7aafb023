use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(Arg("text") >> EnvArg("TEXT"))] text: String) {
    drop(text);
}
