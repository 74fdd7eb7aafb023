//! `Option` parameters: `None` where there is no value.

use std::sync::Arc;

use rocketry_core::param::{Arg, CliArg, EnvArg, Return, SimpleArg};
use rocketry_core::{Action, Due, Moment, Params, Session, Task, Value};

use crate::support::{app, ends, message, result, start};

#[test]
fn every_source_without_a_value_gives_none() {
    type Read = (
        Option<String>,
        Option<u16>,
        Option<u32>,
        Option<String>,
        Option<Arc<u8>>,
    );
    let read = task!(
        "read",
        [
            greeting: Option<String>,
            port: Option<u16> = EnvArg("NO_SUCH_VARIABLE"),
            number: Option<u32> = Return("fetch"),
            day: Option<String> = CliArg("--no-such-option") >> Arg("no such parameter"),
            shared: Option<Arc<u8>>
        ],
        (greeting, port, number, day, shared)
    );
    let app = start(app().task(task!("fetch", [], 5_u32)).task(read.start("daily")));
    assert_eq!(result::<Read>(&app, "read"), (None, None, None, None, None));
}

#[test]
fn a_value_that_is_there_is_some() {
    type Read = (
        Option<String>,
        Option<u16>,
        Option<u32>,
        Option<Arc<u8>>,
        Option<u8>,
        Option<String>,
    );
    let text = |text: &str| SimpleArg::value(Value::text(text));
    let read = task!(
        "read",
        [
            greeting: Option<String>,
            port: Option<u16> = text("8080"),
            number: Option<u32> = Return("fetch"),
            shared: Option<Arc<u8>>,
            maybe: Option<u8>,
            word: Option<String> = text("null")
        ],
        (greeting, port, number, shared, maybe, word)
    );
    let app = start(
        app()
            .param("greeting", "hello")
            .param("shared", 3_u8)
            .param("maybe", Some(4_u8))
            .task(task!("fetch", [], 5_u32).start("daily"))
            .task(read.start("after task 'fetch'")),
    );
    let expected = (
        Some("hello".to_owned()),
        Some(8080),
        Some(5),
        Some(Arc::new(3)),
        Some(4),
        Some("null".to_owned()),
    );
    assert_eq!(result::<Read>(&app, "read"), expected);
}

#[test]
fn no_value_is_none_too() {
    type Read = (Option<u8>, Option<u8>, Option<u32>);
    let json = SimpleArg::value(Value::json(serde_json::Value::Null));
    let read = task!(
        "read",
        [null: Option<u8> = json, none: Option<u8> = SimpleArg(None::<u8>), nothing: Option<u32> = Return("fetch")],
        (null, none, nothing)
    );
    let app = start(
        app()
            .task(task!("fetch", [], ()).start("daily"))
            .task(read.start("after task 'fetch'")),
    );
    assert_eq!(result::<Read>(&app, "read"), (None, None, None));
}

#[test]
fn the_task_and_the_run_go_before_none() {
    let read = || task!("read", [level: Option<u8>], level);
    let mut given = start(app().task(read().parameter("level", 1_u8)));
    let task = given.session().task("read").unwrap();
    task.run(Params::new());
    given.settle();
    assert_eq!(result::<Option<u8>>(&given, "read"), Some(1));
    task.run(Params::new().with("level", 2_u8));
    given.settle();
    assert_eq!(result::<Option<u8>>(&given, "read"), Some(2));
}

#[test]
fn a_value_that_cannot_be_read_is_a_mistake_and_not_none() {
    let text = SimpleArg::value(Value::text("high"));
    let mut app = start(app().task(task!("read", [level: Option<u8>], level)));
    app.session()
        .task("read")
        .unwrap()
        .run(Params::new().with_argument("level", text));
    app.settle();
    assert_eq!(ends(&app, "read"), [Action::Fail]);
    assert!(
        message(&app, "read").contains("found the text `high`"),
        "{}",
        message(&app, "read")
    );
}

#[test]
fn a_function_that_lacks_a_parameter_is_a_mistake_and_not_none() {
    let url = made!("url", [port: u16], format!("http://localhost:{port}"));
    let app = app()
        .argument("url", url)
        .task(task!("read", [url: Option<String>], url).start("daily"));
    let said = crate::support::mistakes(app).to_string();
    assert!(said.contains("there is no session parameter `port`"), "{said}");
}

#[test]
fn an_extractor_gives_none_where_there_is_nothing_to_extract() {
    let app = app()
        .before(
            Moment::Startup,
            |due: Option<Due>, session: Option<Session>, task: Option<Task>| {
                assert!(due.is_none() && task.is_none());
                session.expect("there is an app").set_param("seen", true);
            },
        )
        .task(task!("work", [due: Option<Due>], due.is_some()).start("daily"));
    let app = start(app);
    assert_eq!(app.session().failures(), []);
    assert!(app.session().params().get("seen").is_some());
    assert!(result::<bool>(&app, "work"));
}
