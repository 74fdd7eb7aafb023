#[allow(dead_code, clippy::needless_pass_by_value)]
#[must_use]
fn queue_has(least: usize) -> ::rocketry::__private::Condition {
    use ::rocketry::__private as __r;
    #[allow(clippy::needless_pass_by_value)]
    fn queue_has(least: usize, queue: Queue) -> bool {
        queue.len() >= least
    }
    fn __call(least: usize) -> __r::CondCall {
        let __shown = ::std::vec![("least", __r::shown(& least))];
        __r::cond_call(
            (__r::param!(queue : Queue),),
            move |(queue,)| {
                __r::truth!(queue_has(::core::clone::Clone::clone(& least), queue))
            },
            __shown,
        )
    }
    static __DEF: __r::CondDef = __r::CondDef {
        name: "queue_has",
        phrase: ::core::option::Option::None,
        location: __r::location!(),
        captures: &[],
        make: |_| ::core::result::Result::Err("it has no phrase".into()),
    };
    __r::inventory::submit! {
        __r::Registration::cond(& __DEF)
    }
    __DEF.condition(__call(least))
}
