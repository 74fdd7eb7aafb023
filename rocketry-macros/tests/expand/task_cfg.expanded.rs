#[cfg(feature = "reports")]
#[cfg(unix)]
#[allow(clippy::needless_pass_by_value)]
fn report(user: String, now: Now) {}
#[cfg(feature = "reports")]
#[cfg(unix)]
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct report {}
#[cfg(feature = "reports")]
#[cfg(unix)]
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for report {
        type Output = ();
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::report"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(
                    __r::blocking(
                        (__r::param!(user : String), __r::param!(now : Now)),
                        |(user, now)| __r::outcome!(report(user, now)),
                    ),
                )
                .start(__r::Condition::declared("hourly", __r::location!()))
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
#[cfg(feature = "reports")]
#[cfg(not(unix))]
#[allow(clippy::needless_pass_by_value)]
fn report(now: Now) {}
#[cfg(feature = "reports")]
#[cfg(not(unix))]
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct report {}
#[cfg(feature = "reports")]
#[cfg(not(unix))]
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for report {
        type Output = ();
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::report"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(
                    __r::blocking(
                        (__r::param!(now : Now),),
                        |(now,)| __r::outcome!(report(now)),
                    ),
                )
                .start(__r::Condition::declared("hourly", __r::location!()))
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
