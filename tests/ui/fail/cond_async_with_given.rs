use rocketry::prelude::*;

#[cond()]
async fn is_over(#[given] limit: u8) -> bool {
    limit > 1
}

fn main() {}
