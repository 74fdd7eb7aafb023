use rocketry::prelude::*;

#[cond(10)]
fn is_late() -> bool {
    true
}

fn main() {}
