use rocketry::prelude::*;

#[derive(Clone)]
struct Report(pub u32);

#[task(daily, execution = "process")]
fn crunch(report: Report) {
    let _ = report;
}

fn main() {}
