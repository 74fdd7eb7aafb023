use rocketry::prelude::*;

#[cond("is after work")]
fn after_work() -> bool {
    true
}
