use rocketry::prelude::*;

#[derive(Clone)]
struct Door(u8);

impl std::str::FromStr for Door {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Door)
    }
}

#[cond("door {door} is open")]
fn is_open(door: Door) -> bool {
    door.0 > 1
}

fn main() {}
