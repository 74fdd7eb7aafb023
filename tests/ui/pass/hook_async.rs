use rocketry::prelude::*;

#[hook(cycle)]
fn greet() {
    println!("hello");
}
