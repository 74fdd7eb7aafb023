use rocketry::prelude::*;

#[param]
async fn limit() -> u8 {
    1
}

fn main() {}
