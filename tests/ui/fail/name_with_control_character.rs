use rocketry::prelude::*;

#[task(daily, name = "night\0ly", pool = "d\tb")]
fn nightly() {}

#[param("gree\nting")]
fn greeting() -> String {
    "hello".to_owned()
}

fn main() {}
