use rocketry::prelude::*;

#[param('x')]
fn limit() -> u8 {
    1
}

fn main() {}
