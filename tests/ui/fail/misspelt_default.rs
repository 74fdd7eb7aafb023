use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(Arg("text", defualt = String::new()))] text: String) {
    drop(text);
}

fn main() {}
