#[allow(dead_code, clippy::needless_pass_by_value)]
#[must_use]
fn file_exists(size: u64) -> ::rocketry::__private::Condition {
    use ::rocketry::__private as __r;
    #[allow(clippy::needless_pass_by_value)]
    fn file_exists(path: String, size: u64) -> bool {
        true
    }
    static __DEF: __r::CondDef = __r::CondDef {
        name: "file_exists",
        phrase: ::core::option::Option::None,
        location: __r::location!(),
        captures: &["pth"],
        make: |_| ::core::result::Result::Err(::std::string::String::new()),
    };
    ::core::convert::Into::into(__r::CondWord::new(&__DEF))
}
::core::compile_error! {
    "the phrase captures `pth`, but there is no such parameter; did you mean `path`?"
}
::core::compile_error! {
    "the phrase has no `{size}`, so a string could not give `size`"
}
#[allow(non_upper_case_globals, dead_code)]
const is_workday: ::rocketry::__private::CondWord = {
    use ::rocketry::__private as __r;
    fn is_workday() -> bool {
        true
    }
    static __DEF: __r::CondDef = __r::CondDef {
        name: "is_workday",
        phrase: ::core::option::Option::None,
        location: __r::location!(),
        captures: &[],
        make: |_| ::core::result::Result::Err(::std::string::String::new()),
    };
    __r::CondWord::new(&__DEF)
};
::core::compile_error! {
    "`#[cond]` has no option `name`, it has `crate`"
}
