use rocketry::prelude::*;

#[hook(task_init)]
fn limit(task: TaskBuilder) {
    drop(task);
}

fn main() {}
