#[setup]
fn prepare(session: Session) {
    session.set_param("ready", true);
}

#[hook(task_execute)]
fn announce(task: Task) -> anyhow::Result<()> {
    println!("{}", task.name());
    Ok(())
}
