use rocketry::prelude::*;

#[cond()]
fn is_over(#[given] limit: u8) -> bool {
    limit > 1
}
