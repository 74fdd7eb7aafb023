use rocketry::prelude::*;

#[setup(startup)]
fn greet() {
    println!("hello");
}

fn main() {}
