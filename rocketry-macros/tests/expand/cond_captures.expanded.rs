#[allow(dead_code, clippy::needless_pass_by_value)]
#[must_use]
fn file_is_older(
    days: u32,
    path: impl ::core::convert::Into<String>,
) -> ::rocketry::__private::Condition {
    use ::rocketry::__private as __r;
    #[allow(clippy::needless_pass_by_value)]
    fn file_is_older(now: Now, days: u32, path: String) -> std::io::Result<bool> {
        age(&path, now).map(|age| age > days)
    }
    fn __call(days: u32, path: String) -> __r::CondCall {
        let __shown = ::std::vec![
            ("days", __r::shown(& days)), ("path", __r::shown(& path))
        ];
        __r::cond_call(
            (__r::param!(now : Now),),
            move |(now,)| {
                __r::truth!(
                    file_is_older(now, ::core::clone::Clone::clone(& days),
                    ::core::clone::Clone::clone(& path))
                )
            },
            __shown,
        )
    }
    static __DEF: __r::CondDef = __r::CondDef {
        name: "file_is_older",
        phrase: ::core::option::Option::Some("file '{path}' is older than {days} days"),
        location: __r::location!(),
        captures: &["path", "days"],
        make: |texts| ::core::result::Result::Ok(
            __call(
                __r::capture::<u32>(texts[1], "days")?,
                __r::capture::<String>(texts[0], "path")?,
            ),
        ),
    };
    __r::inventory::submit! {
        __r::Registration::cond(& __DEF)
    }
    __DEF.condition(__call(days, ::core::convert::Into::into(path)))
}
