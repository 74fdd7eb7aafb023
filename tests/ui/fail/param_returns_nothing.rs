use rocketry::prelude::*;

#[param("limit")]
fn limit() {}

fn main() {}
