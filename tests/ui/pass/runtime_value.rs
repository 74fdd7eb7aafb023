use rocketry::conds::every;
use rocketry::prelude::*;

const INTERVAL: &str = "5 minutes";

#[task(every(INTERVAL))]
fn nightly() {}

#[test]
fn a_task_with_a_value_of_the_running_program_is_built_by_hand() {
    let interval = format!("{} minutes", 5);
    let app = Rocketry::builder().func("by hand", every(interval), || {});
    drop(app);
}
