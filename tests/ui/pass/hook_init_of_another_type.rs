use rocketry::prelude::*;

#[hook(task_init)]
fn limit(task: TaskBuilder) -> Result<TaskBuilder, std::fmt::Error> {
    Ok(task)
}
