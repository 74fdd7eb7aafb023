use rocketry::prelude::*;

#[task(daily)]
fn nightly(pair: (u8, u8)) {
    let (left, right) = pair;
    let _ = left + right;
}
