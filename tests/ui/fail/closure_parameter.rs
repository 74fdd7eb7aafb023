use rocketry::prelude::*;

fn main() {
    let app = Rocketry::new().func("count", "daily", |count: u32| println!("{count}"));
    drop(app);
}
