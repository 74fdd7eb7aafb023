use rocketry::prelude::*;

#[hook(startup)]
fn greet() {
    println!("hello");
}
