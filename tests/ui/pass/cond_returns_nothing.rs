use rocketry::prelude::*;

#[cond("is late")]
fn is_late() -> Result<bool, std::fmt::Error> {
    Ok(true)
}
