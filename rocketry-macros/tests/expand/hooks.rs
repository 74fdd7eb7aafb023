#[setup]
fn prepare(session: Session) {
    session.set_param("ready", true);
}

#[hook(task_execute)]
fn announce(task: Task) -> anyhow::Result<()> {
    println!("{}", task.name());
    Ok(())
}

#[hook(startup, before, after)]
async fn open(session: Session) {}

#[hook(task_execute, after)]
fn record(ended: Ended) {}

#[hook(task_init)]
fn limit(task: TaskBuilder) -> TaskBuilder {
    task.timeout("5 minutes")
}
