fn heartbeat() {}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct heartbeat {}
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for heartbeat {
        type Output = ();
        const NAME: &'static str = __r::task_name(
            concat!(module_path!(), "::heartbeat"),
        );
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(__r::blocking((), |()| __r::outcome!(heartbeat())))
                .start(__r::Condition::declared("every 10 seconds", __r::location!()))
                .end(
                    __r::Condition::declared(
                        "task 'crunch' is running",
                        __r::location!(),
                    ),
                )
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < heartbeat > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& heartbeat), < heartbeat as
        __r::TaskType > ::NAME)
    }
};
