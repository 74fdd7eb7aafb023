use rocketry::prelude::*;

#[task(daily, execution = "process")]
fn crunch(session: Session, this: Task) {
    let _ = (session, this);
}

fn main() {}
