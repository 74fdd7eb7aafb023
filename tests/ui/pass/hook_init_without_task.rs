use rocketry::prelude::*;

#[hook(task_init)]
fn limit(task: TaskBuilder) -> TaskBuilder {
    task.timeout("5 minutes")
}

#[hook(task_init, after)]
fn note(task: Task, session: Session) {
    session.set_param("last", task.name().to_owned());
}
