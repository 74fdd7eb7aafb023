use rocketry::prelude::*;

fn by_day(run: &rocketry::NewRun<'_>) -> String {
    format!("{}-{}", run.task, run.number)
}

#[task(daily, run_id = by_day)]
fn nightly() {}
