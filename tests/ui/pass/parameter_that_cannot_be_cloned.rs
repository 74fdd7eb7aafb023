use rocketry::prelude::*;

#[derive(Clone)]
struct Door(u8);

#[task(daily)]
fn nightly(door: Door) {
    assert!(door.0 > 0);
}
