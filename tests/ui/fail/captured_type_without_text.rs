use rocketry::prelude::*;

#[derive(Clone)]
struct Door;

#[cond("door {door} is open")]
fn is_open(door: Door) -> bool {
    drop(door);
    true
}

fn main() {}
