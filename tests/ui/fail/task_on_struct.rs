use rocketry::prelude::*;

#[task(daily)]
struct Nightly;

fn main() {}
