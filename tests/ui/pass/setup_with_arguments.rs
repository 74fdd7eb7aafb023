use rocketry::prelude::*;

#[setup]
fn greet() {
    println!("hello");
}
