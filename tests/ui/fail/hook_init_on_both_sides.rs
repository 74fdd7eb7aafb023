use rocketry::prelude::*;

#[hook(task_init, before, after)]
fn limit(task: TaskBuilder) -> TaskBuilder {
    task.timeout("5 minutes")
}

fn main() {}
