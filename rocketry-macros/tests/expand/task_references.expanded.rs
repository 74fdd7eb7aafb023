fn report() {}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct report {}
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for report {
        type Output = ();
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::report"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(__r::blocking((), |()| __r::outcome!(report())))
                .start({
                    #[allow(unused_imports)]
                    use ::rocketry::conds::*;
                    after_success(__r::task_ref::<(reports::fetch)>())
                        & after_any_fail((__r::task_ref::<(crunch)>(), "export"))
                        & failed(__r::task_ref::<(fetch)>()).today().at_least(3)
                        & started(this_task).this_hour().less_than_times(2)
                        & !running("fetch").more_than("10 minutes")
                        & __r::Condition::declared("is workday", __r::location!())
                })
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < report > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& report), < report as __r::TaskType >
        ::NAME)
    }
};
