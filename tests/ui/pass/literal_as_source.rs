use rocketry::prelude::*;

#[task(daily)]
fn nightly(#[arg(SimpleArg(10))] limit: i32) {
    let _ = limit;
}
