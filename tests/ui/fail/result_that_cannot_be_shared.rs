use rocketry::prelude::*;

#[task(daily)]
fn nightly() -> std::rc::Rc<u8> {
    std::rc::Rc::new(1)
}

fn main() {}
