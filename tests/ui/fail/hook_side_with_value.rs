use rocketry::prelude::*;

#[hook(startup, after = "tasks")]
fn greet() {
    println!("hello");
}

fn main() {}
