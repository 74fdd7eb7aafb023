#[allow(clippy::needless_pass_by_value)]
fn prepare(session: Session) {
    session.set_param("ready", true);
}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::hook(__r::HookKind::Setup, "prepare", __r::location!(), || {
        __r::hook_fn((__r::param!(session : Session),), | (session,) |
        __r::hook_result!(prepare(session))) })
    }
};
#[allow(clippy::needless_pass_by_value)]
fn announce(task: Task) -> anyhow::Result<()> {
    println!("{}", task.name());
    Ok(())
}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::hook(__r::HookKind::TaskExecute, "announce", __r::location!(),
        || { __r::hook_fn((__r::param!(task : Task),), | (task,) |
        __r::hook_result!(announce(task))) })
    }
};
