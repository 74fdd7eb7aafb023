use rocketry::prelude::*;

struct App;

impl App {
    #[task(daily)]
    fn nightly(&self) {}
}

fn main() {}
