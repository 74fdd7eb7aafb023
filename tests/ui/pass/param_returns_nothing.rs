use rocketry::prelude::*;

#[param("limit")]
fn limit() -> u8 {
    1
}
