use rocketry::prelude::*;

#[hook(cycle)]
async fn greet() {}

fn main() {}
