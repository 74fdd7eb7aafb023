use rocketry::prelude::*;

#[hook(shutdown)]
fn greet() {
    println!("hello");
}
