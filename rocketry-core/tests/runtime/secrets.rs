//! Parameters whose values are shown nowhere.

use rocketry_core::param::{Arg, EnvArg, SimpleArg};
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Params, Rocketry, Session, TaskBuilder, Value, Zone};

use crate::support::{message, mistakes, start};

/// What must never be seen.
const SECRET: &str = "hunter2";

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        secrets: vec!["token".into()],
        ..Config::default()
    })
}

/// Takes the token as something that it is not.
fn wrong() -> TaskBuilder {
    task!("work", [token: u64], token)
}

/// What is told of an app that can't be built, because the token of `work` has the wrong type.
fn refused(app: Rocketry) {
    let said = mistakes(app).to_string();
    assert!(said.contains("expected `u64`, found a secret value"), "{said}");
    assert!(!said.contains(SECRET), "{said}");
}

/// What is told of a run of `work` whose token has the wrong type, wherever that is told.
fn told(app: Rocketry, change: impl FnOnce(&Session), params: Params) -> String {
    let mut app: TestApp = start(app);
    change(app.session());
    app.session().task("work").unwrap().run(params);
    app.settle();
    let said = message(&app, "work");
    assert!(said.contains("expected `u64`, found "), "{said}");
    let failures = app.session().failures();
    assert_eq!(failures.len(), 1);
    let shown = format!("{said}{failures:?}{:?}", app.session().params());
    assert!(!shown.contains(SECRET), "{shown}");
    said
}

fn text() -> Value {
    Value::text(SECRET)
}

fn unchanged(_: &Session) {}

#[test]
fn a_secret_of_the_wrong_type_is_not_quoted() {
    refused(app().argument("token", SimpleArg::value(text())).task(wrong()));
    refused(app().task(wrong().argument("token", SimpleArg::value(Value::json(SECRET.into())))));
    let argument = Params::new().with_argument("token", SimpleArg::value(text()));
    told(app().task(wrong()), unchanged, argument);
    let set = |session: &Session| session.set_param("token", SECRET);
    told(app().param("token", 1).task(wrong()), set, Params::new());
}

#[test]
fn a_secret_stays_one_under_another_name() {
    let other = task!("work", [other: u64 = Arg("token")], other);
    refused(app().argument("token", SimpleArg::value(text())).task(other));
}

#[test]
fn a_secret_that_the_signature_takes_from_elsewhere_is_not_quoted() {
    // Some variable that is always there, in place of one with a secret.
    let task = task!("work", [token: u64 = EnvArg("CARGO_MANIFEST_DIR")], token);
    let mut app = start(app().task(task));
    app.session().task("work").unwrap().force_run();
    app.settle();
    let said = message(&app, "work");
    assert!(said.contains("found a secret value"), "{said}");
}

#[test]
fn parameters_show_no_secret() {
    let app = start(app().param("token", SECRET).param("size", 5));
    let shown = format!("{:?}", app.session().params());
    assert!(shown.contains("\"size\": Value(i32)"), "{shown}");
    assert!(!shown.contains(SECRET), "{shown}");
    let token = app.session().param("token").unwrap();
    assert_eq!(
        token.read::<String>().as_deref(),
        Ok(SECRET),
        "who asks for it has it"
    );
}

#[test]
fn a_secret_that_cant_fit_is_not_quoted_when_the_app_is_built() {
    let other = || task!("work", [other: u64 = Arg("token")], other);
    let given = EnvArg("ROCKETRY_INTERNAL_NOT_THERE") >> SimpleArg(SECRET);
    let mistakes = [
        mistakes(app().param("token", SECRET).task(wrong().start("daily"))),
        mistakes(app().param("token", SECRET).task(other().start("daily"))),
        mistakes(
            app()
                .argument("token", given.clone())
                .task(other().start("daily")),
        ),
        mistakes(app().task(wrong().argument("token", given).start("daily"))),
    ];
    for error in mistakes {
        let said = error.to_string();
        assert!(said.contains("expected `u64`, found a "), "{said}");
        assert!(!said.contains(SECRET), "{said}");
    }
}

#[test]
fn a_task_shows_no_value_before_the_app_is_built() {
    let shown = format!("{:?}", wrong().parameter("token", SECRET));
    assert!(!shown.contains(SECRET), "{shown}");
}

#[test]
fn a_value_may_be_secret_by_itself() {
    let mut params = Params::new();
    let secret = Value::json(serde_json::json!([SECRET])).into_secret();
    params.set("key", rocketry_core::param::Entry::value_of(secret));
    assert_eq!(format!("{params:?}"), "Params(Some({\"key\": Value(***)}))");
    assert!(params.get("key").unwrap().plain().unwrap().is_secret());
}
