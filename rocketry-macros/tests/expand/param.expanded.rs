/// A session parameter.
#[allow(clippy::needless_pass_by_value)]
fn greeting(text: String) -> String {
    text
}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::param("greeting", __r::location!(), || {
        __r::param_fn((__r::param!(text : String = { #[allow(unused_imports)] use
        __r::source:: *; EnvArg("GREETING") >> SimpleArg("Hello") }),), | (text,) |
        __r::value!(greeting(text))) })
    }
};
fn limit() -> usize {
    10
}
const _: () = {
    use ::rocketry::__private as __r;
    __r::inventory::submit! {
        __r::Registration::param("limit", __r::location!(), || { __r::param_fn((), | () |
        __r::value!(limit())) })
    }
};
