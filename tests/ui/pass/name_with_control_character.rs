use rocketry::prelude::*;

#[task(daily, name = "night ly", pool = "d b")]
fn nightly() {}

#[param("greeting")]
fn greeting() -> String {
    "hello".to_owned()
}
