use rocketry::prelude::*;

#[cond("is late")]
fn is_late() -> bool {
    true
}
