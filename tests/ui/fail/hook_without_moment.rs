use rocketry::prelude::*;

#[hook]
fn greet() {
    println!("hello");
}

fn main() {}
