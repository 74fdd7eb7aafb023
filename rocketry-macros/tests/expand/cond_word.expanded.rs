/// From Monday to Friday.
#[allow(non_upper_case_globals, dead_code)]
pub const is_workday: ::rocketry::__private::CondWord = {
    use ::rocketry::__private as __r;
    #[allow(clippy::needless_pass_by_value)]
    fn is_workday(now: Now) -> bool {
        now.weekday().number_from_monday() < 6
    }
    static __DEF: __r::CondDef = __r::CondDef {
        name: "is_workday",
        phrase: ::core::option::Option::Some("is workday"),
        location: __r::location!(),
        captures: &[],
        make: |_| ::core::result::Result::Ok(
            __r::cond_call(
                (__r::param!(now : Now),),
                |(now,)| __r::truth!(is_workday(now)),
                ::std::vec![],
            ),
        ),
    };
    __r::inventory::submit! {
        __r::Registration::cond(& __DEF)
    }
    __r::CondWord::new(&__DEF)
};
