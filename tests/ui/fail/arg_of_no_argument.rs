use rocketry::prelude::*;

struct Letters;

#[task(daily)]
fn nightly(#[arg(Letters)] letters: usize) {
    drop(letters);
}

#[task(daily)]
fn daily(#[arg(EnvArg("LETTERS") >> Letters)] letters: usize) {
    drop(letters);
}

fn main() {}
