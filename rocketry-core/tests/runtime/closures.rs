//! Closures as tasks: what they may return and take.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::param::{Arg, FuncArg, Return};
use rocketry_core::{Action, Moment, Now, Outcome, Session, Task, func};

use crate::support::{app, ends, message, mistakes, result, start};

/// A type of the user's, which has no words in JSON.
#[derive(Clone, Debug, PartialEq)]
struct Report(u32);

#[test]
fn everyday_values_are_returned_as_they_are() {
    macro_rules! returned {
        ($($type:ty: $value:expr;)*) => {$({
            let app = app()
                .func("thread", "daily", || -> $type { $value })
                .func("async", "daily", || async { let value: $type = $value; value })
                .func("given", "daily", |_: Now, _: Session| async { let value: $type = $value; value });
            let app = start(app);
            for task in ["thread", "async", "given"] {
                assert_eq!(result::<$type>(&app, task), $value, "{task}");
            }
        })*};
    }
    returned! {
        (): ();
        bool: true;
        char: 'x';
        u8: 5;
        i64: -5;
        String: "text".to_owned();
        Duration: Duration::from_secs(1);
        Option<u32>: Some(1);
        Vec<String>: vec!["a".to_owned()];
        BTreeMap<u8, bool>: BTreeMap::from([(1, true)]);
        (u8, String): (1, "a".to_owned());
        Arc<Vec<u8>>: Arc::new(vec![1]);
        serde_json::Value: serde_json::json!([1]);
    }
}

#[test]
fn a_text_literal_is_kept_as_a_string() {
    let app = start(app().func("name", "daily", || "text"));
    assert_eq!(result::<String>(&app, "name"), "text");
}

#[test]
fn an_outcome_says_how_the_run_ended() {
    let app = start(app().func("work", "daily", || Outcome::Fail("no".into())));
    assert_eq!(message(&app, "work"), "no");
}

#[test]
fn a_closure_takes_parameters_by_name() {
    let app = app()
        .param("greeting", "Hello")
        .param("report", Report(7))
        .func("fetch", "daily", || 5_u32)
        .func(
            "work",
            "after task 'fetch'",
            func!(|greeting: String,
                   report: Report,
                   #[arg(Return("fetch"))] number: u32,
                   missing: Option<u8>,
                   this: Task| {
                format!("{greeting} {} {number} {missing:?} {}", report.0, this.name())
            }),
        );
    assert_eq!(result::<String>(&start(app), "work"), "Hello 7 5 None work");
}

#[test]
fn a_closure_by_name_returns_whatever_an_annotated_function_may() {
    let captured = Arc::new("captured".to_owned());
    let app = app()
        .param("level", 3)
        .func("value", "daily", func!(|| Report(1)))
        .func(
            "result",
            "daily",
            func!(|level: i32| -> Result<Report, Box<dyn std::error::Error>> {
                Err(format!("level {level}").into())
            }),
        )
        .func(
            "future",
            "daily",
            func!(|level: i32| async move { Report(level.unsigned_abs()) }),
        )
        .func(
            "shared",
            "daily",
            func!(move |level: i32| {
                let captured = captured.clone();
                async move { format!("{captured} {level}") }
            }),
        );
    let app = start(app);
    assert_eq!(result::<Report>(&app, "value"), Report(1));
    assert_eq!(ends(&app, "result"), [Action::Fail]);
    assert_eq!(message(&app, "result"), "level 3");
    assert_eq!(result::<Report>(&app, "future"), Report(3));
    assert_eq!(result::<String>(&app, "shared"), "captured 3");
}

#[test]
fn a_parameter_that_a_closure_lacks_is_a_mistake_of_the_app() {
    let app = app()
        .param("greeting", "Hello")
        .func("work", "daily", func!(|greting: String| greting));
    let said = mistakes(app).to_string();
    assert!(
        said.contains("parameter `greting` of task `work`: there is no session parameter `greting`; did you mean `greeting`?"),
        "{said}"
    );
    assert!(said.contains("closures.rs:"), "{said}");
}

#[test]
fn hooks_and_parameters_may_be_closures_by_name() {
    let app = app()
        .param("host", "localhost")
        .argument(
            "url",
            FuncArg(func!(|host: String, #[arg(Arg("host"))] again: String| format!(
                "{host}/{again}"
            ))),
        )
        .before(
            Moment::Startup,
            func!(|url: String, session: Session| session.set_param("seen", url)),
        )
        .func("work", "daily", func!(|seen: String| seen));
    let error = mistakes(app).to_string();
    // What a hook sets later is not there yet.
    assert!(error.contains("there is no session parameter `seen`"), "{error}");
    let app = crate::support::app()
        .param("host", "localhost")
        .argument("url", FuncArg(func!(|host: String| format!("http://{host}"))))
        .func("work", "daily", func!(|url: String| url));
    assert_eq!(result::<String>(&start(app), "work"), "http://localhost");
}
