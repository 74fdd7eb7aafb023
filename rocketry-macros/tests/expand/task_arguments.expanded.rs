#[allow(clippy::needless_pass_by_value)]
fn send(number: u32, watch: Task) {}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct send {}
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for send {
        type Output = ();
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::send"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(
                    __r::blocking(
                        (
                            __r::param!(
                                number : u32 = { #[allow(unused_imports)] use __r::source::
                                *; __r::source::return_of:: < (fetch) > ().or(5) }
                            ),
                            __r::param!(
                                watch : Task = { #[allow(unused_imports)] use __r::source::
                                *; Task("watch") }
                            ),
                        ),
                        |(number, watch)| __r::outcome!(send(number, watch)),
                    ),
                )
                .start({
                    #[allow(unused_imports)]
                    use ::rocketry::conds::*;
                    daily
                })
                .entry(
                    "host",
                    __r::entry!(
                        { #[allow(unused_imports)] use __r::source:: *; Arg("host")
                        .or("localhost") }
                    ),
                )
                .entry(
                    "report",
                    __r::entry!(
                        { #[allow(unused_imports)] use __r::source:: *; EnvArg("REPORT")
                        >> __r::source::return_of:: < (fetch) > () }
                    ),
                )
                .entry(
                    "other",
                    __r::entry!(
                        { #[allow(unused_imports)] use __r::source:: *;
                        __r::source::task_of:: < (jobs::load) > () }
                    ),
                )
                .entry("plain", __r::entry!("Return(fetch)"))
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < send > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& send), < send as __r::TaskType >
        ::NAME)
    }
    const _: () = __r::fits::<<fetch as __r::TaskType>::Output, u32>();
};
