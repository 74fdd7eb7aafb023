#[allow(clippy::needless_pass_by_value, clippy::unused_async)]
async fn r#loop(mut host: String, count: Arc<usize>, r#type: Kind) {}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct r#loop {}
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for r#loop {
        type Output = ();
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::loop"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(
                    __r::asynchronous(
                        (
                            __r::param!(
                                host : String = { #[allow(unused_imports)] use __r::source::
                                *; EnvArg("HOST") >> CliArg("--host") >>
                                SimpleArg("localhost") }
                            ),
                            __r::param!(
                                count : Arc < usize > = { #[allow(unused_imports)] use
                                __r::source:: *; __r::source::return_of:: < (jobs::load) >
                                ().or(0) }
                            ),
                            __r::param!(type : Kind),
                        ),
                        |(host, count, r#type)| async move {
                            __r::outcome!(r#loop(host, count, r#type). await)
                        },
                    ),
                )
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < r#loop > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& r#loop), < r#loop as __r::TaskType >
        ::NAME)
    }
    const _: () = __r::fits::<<jobs::load as __r::TaskType>::Output, Arc<usize>>();
};
