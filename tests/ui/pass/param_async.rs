use rocketry::prelude::*;

#[param]
fn limit() -> u8 {
    1
}
