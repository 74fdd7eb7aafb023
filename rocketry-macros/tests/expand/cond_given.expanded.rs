#[allow(dead_code, clippy::needless_pass_by_value)]
#[must_use]
fn queue_has(least: usize) -> ::rocketry::__private::Condition {
    use ::rocketry::__private as __r;
    #[allow(clippy::needless_pass_by_value)]
    fn queue_has(least: usize, queue: Queue) -> bool {
        queue.len() >= least
    }
    fn __call(least: usize) -> __r::CondCall {
        let __shown = ::std::vec![
            ("least", ::std::string::ToString::to_string(& least))
        ];
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
        captures: &["least"],
        make: |texts| ::core::result::Result::Ok(
            __call(__r::capture::<usize>(texts[0], "least")?),
        ),
    };
    __r::inventory::submit! {
        __r::Registration::cond(& __DEF)
    }
    __DEF.condition(__call(least))
}
