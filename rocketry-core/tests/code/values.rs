//! What code is given, and what it gives back.

use proptest::prelude::*;
use rocketry_core::param::{Arg, Return};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Execution, Params, Query, Rocketry, Task, Value};
use serde_json::json;

use crate::{mistake, once, reason, result, result_with};

#[test]
fn the_last_value_is_the_result() {
    assert_eq!(result("let x = 40; x + 2"), json!(42));
    assert_eq!(result("let x = 40;"), json!(null));
}

#[test]
fn a_variable_may_be_the_result() {
    assert_eq!(result("return_value = 5; print(\"more\"); 6"), json!(5));
    assert_eq!(result("let return_value = [1, 2];"), json!([1, 2]));
    assert_eq!(result("return_value = 5; return 6;"), json!(5));
    assert_eq!(result("fn f() { 7 } f()"), json!(7));
}

#[test]
fn json_goes_both_ways() {
    let values = [
        json!(null),
        json!(true),
        json!(-5),
        json!(i64::MAX),
        json!(0.1),
        json!("ä\n\"{}"),
        json!([1, [2.5, "three"], {}]),
        json!({"a": {"b": [null, false]}, "": 1}),
    ];
    for value in values {
        let task = Task::code("same", "x").parameter("x", value.clone());
        assert_eq!(result_with(task, Params::new()), value);
    }
    assert_eq!(result("['a', blob(2, 7)]"), json!(["a", [7, 7]]));
}

/// JSON as far as the engine knows it: whole numbers are those of 64 bits.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|truth| json!(truth)),
        any::<i64>().prop_map(|whole| json!(whole)),
        proptest::num::f64::NORMAL.prop_map(|number| json!(number)),
        ".*".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(|items| json!(items)),
            proptest::collection::btree_map(".*", inner, 0..6).prop_map(|fields| json!(fields)),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_comes_back_as_it_was(value in any_json()) {
        let task = Task::code("same", "let y = x; y").parameter("x", value.clone());
        prop_assert_eq!(result_with(task, Params::new()), value);
    }
}

#[test]
fn what_was_captured_comes_back_as_well() {
    let source = "let sum = 0; [1, 2, 3].for_each(|| sum += this * factor); #{ sum: sum }";
    let task = Task::code("sum", source).parameter("factor", 2);
    assert_eq!(result_with(task, Params::new()), json!({"sum": 12}));
}

#[test]
fn results_are_typed_where_they_are_asked_for() {
    let (_app, task, _) = once(Task::code("code", "#{ name: \"x\", at: [1, 2] }"), Params::new());
    let result = task.result().unwrap();
    assert_eq!(result.to_json(), Some(json!({"name": "x", "at": [1, 2]})));
    let (_app, task, _) = once(Task::code("code", "40 + 2"), Params::new());
    assert_eq!(task.result().unwrap().read::<u8>(), Ok(42));
    let (_app, task, _) = once(Task::code("code", ""), Params::new());
    assert_eq!(task.result().unwrap().get(), Some(()));
}

#[test]
fn what_has_no_words_in_json_is_a_mistake_of_the_app_or_fails_the_run() {
    struct Key;
    let message = mistake(Task::code("code", "x").parameter("x", Key));
    assert!(
        message.starts_with("parameter `x` of task `code`: expected `JSON, whole numbers being `i64`"),
        "{message}"
    );
    assert!(message.contains("found a value of type"), "{message}");
    let message = mistake(Task::code("code", "x").parameter("x", u64::MAX));
    assert!(message.contains("found a value of type `u64`"), "{message}");
    let run = Params::new().with("x", u64::MAX);
    let (_app, _, record) = once(Task::code("code", "x"), run);
    assert_eq!(record.action, Action::Fail);
    assert_eq!(
        reason(Task::code("code", "[timestamp()]")),
        "the result has a `timestamp` in it, which can't be turned into JSON"
    );
    assert_eq!(
        reason(Task::code("code", "0.0 / 0.0")),
        "the result has a `f64` in it, which can't be turned into JSON"
    );
    assert!(reason(Task::code("code", "|| 1")).contains("has a `Fn` in it"));
}

#[test]
fn a_variable_is_a_parameter_from_wherever_one_comes() {
    let code = Task::code("code", "`${own} ${made} ${of_session}`")
        .parameter("own", "task")
        .argument("made", Arg("source"));
    let app = Rocketry::builder()
        .param("source", "argument")
        .param("of_session", "session")
        .param("own", "session")
        .task(code);
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let task = app.session().task("code").unwrap();
    let mut said = |params| {
        drop(task.run(params));
        app.settle();
        task.result().unwrap().read::<String>().unwrap()
    };
    assert_eq!(said(Params::new()), "task argument session");
    assert_eq!(said(Params::new().with("own", "batch")), "batch argument session");
    assert_eq!(
        said(Params::new().with("of_session", "batch")),
        "task argument batch"
    );
}

#[test]
fn a_missing_parameter_is_found_when_the_app_is_built() {
    let app = Rocketry::builder()
        .param("volume", 5)
        .task(Task::code("code", "let a = 1;\n a + volumen").start("daily"));
    let error = app.build().map(drop).unwrap_err();
    assert_eq!(
        error.problems()[0].message,
        "parameter `volumen` of task `code`: there is no session parameter `volumen`; did you mean `volume`?"
    );
}

#[test]
fn what_code_makes_itself_is_no_parameter() {
    let source = "const A = 1; fn f(x) { x } let b = f(A); for i in 0..2 { b += i } \
        let c = |y| y + b; try { throw 1 } catch (e) { b += e } c.call(1)";
    assert_eq!(result(source), json!(4));
}

#[test]
fn a_result_goes_on_to_others() {
    let first = Task::code("first", "#{ rows: 3 }").start("daily");
    let second = Task::code("second", "report.rows * 2")
        .argument("report", Return("first"))
        .start("after task 'first'");
    let app = Rocketry::builder().task(first).task(second);
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(
        app.session()
            .task("second")
            .unwrap()
            .result()
            .unwrap()
            .read::<i32>(),
        Ok(6)
    );
}

#[test]
fn it_runs_with_each_execution() {
    for execution in [
        Execution::Thread,
        Execution::Main,
        Execution::Async,
        Execution::Process,
    ] {
        let task = Task::code("code", "x * 2").execution(execution);
        assert_eq!(result_with(task, Params::new().with("x", 21)), json!(42));
    }
}

#[test]
fn nothing_to_do_is_an_inaction() {
    let source = "fn look() { inaction(\"no new files\") } look(); 5";
    let (app, task, record) = once(Task::code("code", source), Params::new());
    assert_eq!(
        (record.action, record.message.as_deref()),
        (Action::Inaction, Some("no new files"))
    );
    assert!(task.result().is_none());
    assert_eq!(app.records(&Query::new().action(Action::Fail)).len(), 0);
}

#[test]
fn what_is_for_code_alone_is_reported() {
    let func = || Task::func("f", || async {});
    assert_eq!(
        mistake(func().function("main")),
        "`function` of task `f`: it is not a script"
    );
    assert_eq!(
        mistake(Task::code("c", "1").function("main")),
        "`function` of task `c`: it is not a script"
    );
    assert_eq!(
        mistake(func().code_limits(rocketry_core::CodeLimits::default())),
        "`code_limits` of task `f`: it has no code"
    );
    assert_eq!(
        mistake(Task::code("c", "1").shell(true)),
        "`shell` of task `c`: it is not a command"
    );
}

#[test]
fn text_from_outside_is_text() {
    let mut params = Params::new();
    params.set("x", rocketry_core::param::Entry::value_of(Value::text("5")));
    assert_eq!(
        result_with(Task::code("code", "x + parse_int(x)"), params),
        json!("55")
    );
}
