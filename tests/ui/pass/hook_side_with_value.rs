use rocketry::prelude::*;

#[hook(startup, after)]
async fn greet() {
    println!("hello");
}
