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
#[allow(clippy::needless_pass_by_value, clippy::unused_async)]
async fn open(session: Session) {}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::hook(__r::HookKind::Startup, "open", __r::location!(), || {
        __r::async_hook_fn((__r::param!(session : Session),), | (session,) | async move {
        __r::hook_result!(open(session). await) }) }).on(__r::Sides::Both)
    }
};
#[allow(clippy::needless_pass_by_value)]
fn record(ended: Ended) {}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::hook(__r::HookKind::TaskExecute, "record", __r::location!(),
        || { __r::hook_fn((__r::param!(ended : Ended),), | (ended,) |
        __r::hook_result!(record(ended))) }).on(__r::Sides::After)
    }
};
#[allow(clippy::needless_pass_by_value)]
fn limit(task: TaskBuilder) -> TaskBuilder {
    task.timeout("5 minutes")
}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::init(__r::location!(), || __r::InitHook::new("limit",
        __r::location!(), limit))
    }
};
