//! The submissions of macros may contradict each other: all errors are reported together, before anything runs.

use rocketry_core::__private::{
    CondDef, HookKind, Registration, cond_call, hook_fn, hook_result, inventory, location, param, param_fn,
    truth, value,
};
use rocketry_core::Rocketry;

macro_rules! condition {
    ($def:ident, $phrase:literal) => {
        static $def: CondDef = CondDef {
            name: stringify!($def),
            phrase: Some($phrase),
            location: location!(),
            captures: &[],
            make: |_| Ok(cond_call((), |()| truth!(true), Vec::new())),
        };
        inventory::submit! { Registration::cond(&$def) }
    };
}

condition!(FIRST, "the gate is open");
condition!(SECOND, "the gate is open");
condition!(MALFORMED, "file '{path exists");

inventory::submit! { Registration::param("size", location!(), || param_fn((), |()| value!(1))) }
inventory::submit! { Registration::param("size", location!(), || param_fn((), |()| value!(2))) }
inventory::submit! {
    Registration::hook(HookKind::Setup, "prepare", location!(), || {
        hook_fn((param!(siz: i32),), |(siz,)| hook_result!(assert_eq!(siz, 1)))
    })
}

#[test]
fn contradictions_are_reported_together() {
    let error = Rocketry::new().build().expect_err("the app has mistakes");
    let text = error.to_string();
    let starts = [
        "two conditions have the phrase \"the gate is open\"; the first is declared at ",
        "phrase of condition `MALFORMED`: ",
        "two session parameters are named `size`; the first is declared at ",
        "parameter `siz` of hook `prepare`: there is no session parameter `siz`; did you mean `size`?",
    ];
    for start in starts {
        let told = error
            .problems()
            .iter()
            .any(|problem| problem.message.starts_with(start));
        assert!(told, "`{start}` is not told:\n{text}");
    }
    assert_eq!(error.problems().len(), starts.len(), "{text}");
    let here = |problem: &rocketry_core::Problem| problem.location.is_some_and(|place| place.file == file!());
    assert!(error.problems().iter().all(here), "{text}");
}
