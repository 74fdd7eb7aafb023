use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(Arg("text", default = String::new()))] text: String) {
    drop(text);
}
