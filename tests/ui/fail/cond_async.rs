use rocketry::prelude::*;

#[cond("is late")]
async fn is_late() -> bool {
    true
}

fn main() {}
