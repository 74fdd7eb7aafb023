use rocketry::prelude::*;

#[cond("door {door} is open")]
fn is_open(door: u8) -> bool {
    door > 1
}
