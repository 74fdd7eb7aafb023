fn by_hand() -> impl Sized {}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
struct by_hand {}
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for by_hand {
        type Output = ();
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::by_hand"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(__r::blocking((), |()| __r::outcome!(by_hand())))
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < by_hand > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& by_hand), < by_hand as __r::TaskType >
        ::NAME)
    }
};
