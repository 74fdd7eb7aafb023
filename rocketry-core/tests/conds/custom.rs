//! Conditions that are functions of the user's.

use std::sync::Arc;

use rocketry_core::cond::{CondCall, CondDef, Custom, capture};
use rocketry_core::conds::*;
use rocketry_core::param::FuncArg;
use rocketry_core::testing::TestApp;
use rocketry_core::{CondWord, Condition, Location, Rocketry};
use rocketry_syntax::ast::CondExpr;

use crate::app::{App, at};

const HERE: Location = Location {
    file: "here.rs",
    line: 1,
    column: 1,
    module: "here",
};

static IS_WORKDAY: CondDef = CondDef {
    name: "is_workday",
    phrase: Some("is workday"),
    location: HERE,
    captures: &[],
    make: |_| Ok(CondCall::new((), |()| Ok(true), vec![])),
};

static QUIET: CondDef = CondDef {
    name: "quiet",
    phrase: None,
    location: HERE,
    captures: &[],
    make: IS_WORKDAY.make,
};

static AT_LEAST: CondDef = CondDef {
    name: "at_least",
    phrase: Some("at least {number} of {kind}"),
    location: HERE,
    captures: &["number", "kind"],
    make: |texts| Ok(at_least_call(capture(texts[0], "number")?, texts[1])),
};

fn at_least_call(number: u8, kind: &str) -> CondCall {
    let shown = vec![("number", number.to_string()), ("kind", kind.to_owned())];
    CondCall::new((), move |()| Ok(number > 2), shown)
}

#[expect(non_upper_case_globals, reason = "as the macro makes it")]
const is_workday: CondWord = CondWord::new(&IS_WORKDAY);

#[test]
fn a_word_reads_as_its_phrase_or_its_name() {
    assert_eq!((daily & is_workday).to_string(), "daily & is workday");
    assert_eq!(
        (!CondWord::new(&QUIET) | is_workday).to_string(),
        "~quiet | is workday"
    );
    let free = CondDef::condition(&QUIET, at_least_call(3, "x"));
    assert_eq!(free.to_string(), "quiet(number=\"3\", kind=\"x\")");
    assert_eq!(
        AT_LEAST.condition(at_least_call(3, "x")).to_string(),
        "at least 3 of x"
    );
}

#[test]
fn a_phrase_is_called_with_its_texts() {
    let call = AT_LEAST.call(&["3", "x"]).expect("a number");
    assert_eq!(
        (call.to_string(), call.location()),
        ("at least 3 of x".to_owned(), Some(HERE))
    );
    assert!(call.depends().is_empty());
    let mistake = AT_LEAST.call(&["three", "x"]).expect_err("no number");
    assert!(
        mistake.starts_with("condition `at_least`: `three` can't be its `number`: "),
        "{mistake}"
    );
}

#[test]
fn a_word_whose_texts_are_wrong_holds_the_mistake() {
    static WRONG: CondDef = CondDef {
        name: "wrong",
        phrase: None,
        location: HERE,
        captures: &[],
        make: |_| Err("no".into()),
    };
    assert_eq!(
        Condition::from(CondWord::new(&WRONG)).to_string(),
        "condition `wrong`: no\n  --> here.rs:1:1"
    );
}

#[test]
fn equal_calls_are_equal() {
    let same = || AT_LEAST.condition(at_least_call(3, "x"));
    assert_eq!(same(), same());
    assert_ne!(same(), AT_LEAST.condition(at_least_call(4, "x")));
    assert_ne!(same(), Condition::parse("at least 3 of x").expect("a phrase"));
    let distinct: std::collections::HashSet<Condition> = [
        same(),
        same(),
        is_workday.into(),
        Condition::parse("is workday").expect("a phrase"),
        daily.after("25:00").into(),
    ]
    .into();
    assert_eq!(distinct.len(), 4);
    let phrase = || Custom::Phrase("is workday".into());
    assert_eq!(phrase(), phrase());
    assert_eq!(
        Condition::from(CondExpr::Custom(phrase())),
        Condition::parse("is workday").expect("a phrase")
    );
    assert!(format!("{:?}", same()).contains("CondCall(at least 3 of x)"));
}

/// An app with the phrases `p` and `q`.
fn app() -> App {
    let mut app = App::new();
    let call = || Arc::new(IS_WORKDAY.call(&[]).expect("a call"));
    app.phrases = [("pp", call()), ("qq", call())].into();
    app
}

#[test]
fn only_what_the_truth_hangs_on_is_asked() {
    for (statement, asks) in [
        ("pp", vec![0]),
        ("pp & false", vec![]),
        ("pp | true", vec![]),
        ("pp & true", vec![0]),
        ("~(pp | qq) & time of day after 10:00", vec![0, 1]),
        ("~(pp | qq) & time of day after 14:00", vec![]),
        ("(pp & false) | qq", vec![1]),
        ("daily & pp & ~qq", vec![0, 1]),
    ] {
        let mut app = app();
        let plan = app.plan(statement);
        assert_eq!(plan.asks(&app.seen(at("12:00"), &[])), asks, "{statement}");
        let known = app.look(&plan, at("12:00")).truth.is_some();
        assert_eq!(known, asks.is_empty(), "{statement}");
    }
}

#[test]
fn answers_hold_until_they_are_asked_again() {
    let mut app = app();
    let plan = app.plan("pp & ~qq & daily");
    let look = |answers: &[Option<bool>]| plan.observe(&app.seen(at("12:00"), answers));
    let poll = at("12:00:01");
    assert_eq!(
        (
            look(&[Some(true), Some(false)]).truth,
            look(&[Some(true), Some(false)]).until
        ),
        (Some(true), poll)
    );
    assert_eq!(look(&[Some(true), None]).truth, None);
    assert_eq!(
        (look(&[Some(false), None]).truth, look(&[Some(false), None]).until),
        (Some(false), poll)
    );
    assert_eq!(plan.asks(&app.seen(at("12:00"), &[Some(true), None])), [1]);
}

#[test]
fn a_call_stands_for_itself_in_a_plan() {
    let mut app = App::new();
    let plan = app.plan(daily & is_workday & AT_LEAST.condition(at_least_call(3, "x")));
    let texts: Vec<String> = plan.customs().iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["is workday", "at least 3 of x"]);
    assert!(plan.depends().polled);
}

#[test]
fn an_app_asks_its_conditions() {
    let made = FuncArg(|| "prod".to_owned());
    let quick = || async {};
    let app = Rocketry::builder()
        .argument("mode", made)
        .func(
            "both",
            daily & is_workday & AT_LEAST.condition(at_least_call(3, "x")),
            quick,
        )
        .func(
            "neither",
            daily & AT_LEAST.condition(at_least_call(1, "x")),
            quick,
        )
        .func("made", daily & param_is("mode", "prod"), quick)
        .func("other", daily & param_is("mode", "test"), quick);
    let mut app = TestApp::start(app, at("12:00")).expect("an app");
    app.run_until(at("12:01"));
    let starts = ["both", "neither", "made", "other"].map(|task| app.starts(task).len());
    assert_eq!(starts, [1, 0, 1, 0]);
}
