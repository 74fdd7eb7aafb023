use rocketry::prelude::*;

#[hook(statup)]
fn greet() {
    println!("hello");
}

fn main() {}
