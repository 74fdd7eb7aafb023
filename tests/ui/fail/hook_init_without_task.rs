use rocketry::prelude::*;

#[hook(task_init)]
fn limit(task: TaskBuilder, session: Session) -> TaskBuilder {
    session.set_param("limited", true);
    task.timeout("5 minutes")
}

fn main() {}
