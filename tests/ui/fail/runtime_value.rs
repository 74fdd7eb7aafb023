use rocketry::prelude::*;

fn main() {
    let interval = std::env::var("INTERVAL").unwrap();

    #[task(every(interval))]
    fn nightly() {}
}
