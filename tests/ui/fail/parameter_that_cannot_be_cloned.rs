use rocketry::prelude::*;

struct Door;

#[task(daily)]
fn nightly(door: Door) {
    drop(door);
}

fn main() {}
