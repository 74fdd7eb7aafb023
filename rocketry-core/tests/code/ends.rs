//! How code is kept within bounds, and stopped.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, CodeLimits, Execution, Params, Query, Rocketry, Status, Task, TaskBuilder};

use crate::reason;
use crate::serving::serve;

const FOR_EVER: &str = "let n = 0; loop { n += 1; if n > 1000 { n = 0 } }";

fn unbounded(source: &str) -> TaskBuilder {
    Task::code("code", source).code_limits(CodeLimits {
        operations: 0,
        ..CodeLimits::default()
    })
}

#[test]
fn what_needs_too_much_fails() {
    let few = CodeLimits {
        operations: 1_000,
        text: 100,
        items: 10,
        variables: 5,
        calls: 3,
    };
    let cases = [
        (FOR_EVER, "too many operations (see `CodeLimits`)"),
        (
            "let s = \"0123456789\"; loop { s += s }",
            "Length of string too large",
        ),
        ("let s = []; loop { s.push(0) }", "Size of array/BLOB too large"),
        ("let s = []; loop { s = [s, s] }", "Size of array/BLOB too large"),
        (
            "let m = #{}; let n = 0; loop { m[`${n}`] = n; n += 1; m.len() }",
            "Size of object map too large",
        ),
        (
            "let a = 1; let b = 1; let c = 1; let d = 1; let e = 1; let f = 1;",
            "Too many variables defined",
        ),
        (
            "fn f(n) { if n == 0 { 0 } else { f(n - 1) } } f(10)",
            "Stack overflow",
        ),
    ];
    for (source, expected) in cases {
        let message = reason(Task::code("code", source).code_limits(few));
        assert!(message.contains(expected), "{source}: {message}");
    }
}

#[test]
fn the_stack_of_a_thread_is_deep_enough() {
    let nested = format!("{}f(n - 1){}", "(".repeat(9), " + 0)".repeat(9));
    let source = format!("fn f(n) {{ if n == 0 {{ 0 }} else {{ {nested} }} }} f(1000)");
    for execution in [Execution::Thread, Execution::Async] {
        let message = serve(
            Rocketry::builder().task(Task::code("code", &source).execution(execution)),
            async |session| {
                let run = session.task("code").unwrap().run(Params::new());
                run.await.unwrap().message
            },
        );
        assert!(message.unwrap().contains("Stack overflow"));
    }
}

#[test]
fn code_that_goes_on_for_ever_is_terminated() {
    for execution in [Execution::Thread, Execution::Async] {
        let record = serve(
            Rocketry::builder().task(unbounded(FOR_EVER).execution(execution)),
            async |session| {
                let task = session.task("code").unwrap();
                let run = task.run(Params::new());
                task.wait_for(Status::Running).await.unwrap();
                task.terminate();
                run.await.unwrap()
            },
        );
        assert_eq!(record.action, Action::Terminate);
        assert_eq!(record.message.as_deref(), Some("it was asked to end"));
    }
}

#[test]
fn a_timeout_ends_code_that_goes_on_for_ever() {
    let task = unbounded(FOR_EVER).timeout("50 ms");
    let record = serve(Rocketry::builder().task(task), async |session| {
        session.task("code").unwrap().run(Params::new()).await.unwrap()
    });
    assert_eq!(record.action, Action::Terminate);
    assert_eq!(record.message.as_deref(), Some("it took longer than its timeout"));
}

#[test]
fn a_loop_inside_of_a_function_ends_as_well() {
    let source = "let items = [0]; items.map(|x| { loop { x += 1; if x > 9 { x = 0 } } })";
    let record = serve(
        Rocketry::builder().task(unbounded(source).timeout("50 ms")),
        async |session| session.task("code").unwrap().run(Params::new()).await.unwrap(),
    );
    assert_eq!(record.action, Action::Terminate);
}

#[test]
fn code_is_scheduled_like_anything_else() {
    let app = Rocketry::builder().task(Task::code("code", "1").start("every 10 seconds"));
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(60));
    assert_eq!(app.starts("code").len(), 7);
    assert_eq!(app.records(&Query::new().action(Action::Success)).len(), 7);
}
