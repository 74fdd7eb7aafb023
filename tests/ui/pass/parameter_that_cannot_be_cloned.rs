use rocketry::prelude::*;

#[derive(Clone)]
struct Door;

#[task(daily)]
fn nightly(door: Door) {
    drop(door);
}
