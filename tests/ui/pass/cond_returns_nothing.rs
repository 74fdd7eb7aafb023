use rocketry::prelude::*;

#[cond("is late")]
fn is_late(hour: String) -> Result<bool, std::num::ParseIntError> {
    Ok(hour.parse::<u8>()? > 20)
}
