#[allow(clippy::needless_pass_by_value)]
pub(crate) fn tidy(limit: usize) {}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
pub(crate) struct tidy {}
const _: () = {
    use my::prelude::rocketry::__private as __r;
    impl __r::TaskType for tidy {
        type Output = ();
        const NAME: &'static str = "nightly";
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(
                    __r::blocking(
                        (__r::param!(limit : usize),),
                        |(limit,)| __r::outcome!(tidy(limit)),
                    ),
                )
                .start(__r::Condition::declared("daily", __r::location!()))
                .execution(__r::Execution::Main)
                .priority(-1)
                .disabled(true)
                .on_startup(true)
                .max_running(3)
                .unique(true)
                .attempts(5)
                .catch_up("last within 2 days")
                .jitter("30 s")
                .pool("db")
                .lane("gpu")
                .timezone("Europe/Helsinki")
                .run_id(ids::by_day)
                .group("night")
                .first_run(__r::FirstRun::Wait)
                .overlap(__r::Overlap::Replace)
                .description("Tidies up.")
                .entry("limit", __r::entry!(10))
                .entry("type", __r::entry!("small"))
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < tidy > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& tidy), < tidy as __r::TaskType >
        ::NAME)
    }
};
