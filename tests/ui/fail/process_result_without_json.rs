use rocketry::prelude::*;

struct Report(pub u32);

#[task(daily, execution = "process")]
fn crunch() -> Result<Report, std::io::Error> {
    Ok(Report(1))
}

fn main() {}
