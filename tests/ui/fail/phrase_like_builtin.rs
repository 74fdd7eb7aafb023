use rocketry::prelude::*;

#[cond("daily after work")]
fn after_work() -> bool {
    true
}

fn main() {}
