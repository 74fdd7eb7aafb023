use rocketry::prelude::*;

#[cond("is late")]
fn is_late() -> String {
    String::new()
}

fn main() {}
