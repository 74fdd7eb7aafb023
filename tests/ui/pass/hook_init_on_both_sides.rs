use rocketry::prelude::*;

#[hook(task_execute, before, after)]
fn tell(side: Side, task: Task) {
    println!("{side:?} {}", task.name());
}
