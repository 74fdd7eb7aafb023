//! What is wrong with code, and where.

use rocketry_core::{Params, Task};
use serde_json::json;

use crate::{mistake, reason, result_with};

#[test]
fn code_that_can_not_be_read_keeps_the_app_from_being_built() {
    let cases = [
        ("let x = ;", "line 1, column 9: "),
        ("let a = 1;\nlet b = (a + ;", "line 2, column 14: "),
        ("eval(\"1\")", "line 1, column 1: "),
        ("import \"x\" as y;\n y::f()", "line "),
    ];
    for (source, place) in cases {
        let message = mistake(Task::code("code", source));
        assert!(
            message.starts_with(&format!("code of task `code`: {place}")),
            "{message}"
        );
    }
}

#[test]
fn code_that_is_nested_too_deep_is_refused() {
    for nested in ["(", "[", "#{ a: ", "if true { ", "|| ", "-", "!", "fn f() { "] {
        let message = mistake(Task::code("code", nested.repeat(10_000)));
        assert!(message.starts_with("code of task `code`: line 1"), "{message}");
    }
}

#[test]
fn what_goes_wrong_has_its_line_and_column() {
    let cases = [
        ("let a = 1;\n  a / 0", "line 2, column 5: Division by zero: 1 / 0"),
        ("throw \"too late\"", "line 1, column 1: too late"),
        ("throw #{ code: 5 }", "line 1, column 1: #{\"code\": 5}"),
        (
            "fn inner(x) {\n  x % 0\n}\nfn outer() { inner(3) }\nouter()",
            "line 2, column 5: Modulo division by zero or overflow: 3 % 0\nin the function `inner`\nin the function `outer`",
        ),
        (
            "[1, 2].map(|x| x / 0)",
            "line 1, column 18: Division by zero: 1 / 0\nin the function `map`",
        ),
        ("nobody()", "line 1, column 1: Function not found: nobody ()"),
        (
            "sleep(5)",
            "line 1, column 1: a task does not sleep: let it start again later",
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(reason(Task::code("code", source)), expected, "{source}");
    }
}

#[test]
fn a_function_sees_its_own_parameters_only() {
    let task = Task::code("code", "fn f() { x } f()").parameter("x", 5);
    assert_eq!(
        reason(task),
        "line 1, column 10: there is no variable `x`: a function has those only that it takes\nin the function `f`"
    );
    let task = Task::code("code", "const X = 2; fn f(x) { x * global::X } f(x)").parameter("x", 5);
    assert_eq!(result_with(task, Params::new()), json!(10));
}
