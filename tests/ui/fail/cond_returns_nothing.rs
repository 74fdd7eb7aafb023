use rocketry::prelude::*;

#[cond("is late")]
fn is_late() {}

fn main() {}
