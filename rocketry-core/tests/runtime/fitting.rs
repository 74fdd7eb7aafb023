//! Plain values whose types are not those of the parameters: the app can't be built.

use rocketry_core::param::{Arg, EnvArg, FuncArg, SimpleArg};
use rocketry_core::{Config, Moment, Rocketry, Session, Value};

use crate::support::{app, mistakes, start};

/// The one mistake of an app, without its place.
fn mistake(app: Rocketry) -> String {
    let error = mistakes(app);
    assert!(error.is_build(), "{error}");
    assert_eq!(error.problems().len(), 1, "{error}");
    error.problems()[0].message.clone()
}

const NO_PORT: &str = "expected `u16`, found a value of type `alloc::string::String`";

#[test]
fn a_session_parameter_of_another_type_is_reported_with_both_places() {
    let serve = || task!("serve", [port: u16], port);
    let task = line!() - 1;
    let param = line!() + 1;
    let built = app().param("port", "8080").task(serve().start("daily"));
    let error = mistakes(built);
    let problem = &error.problems()[0];
    let said = format!(
        "parameter `port` of task `serve`: {NO_PORT}\n  the value is declared at {}:{param}:",
        file!()
    );
    assert!(problem.message.starts_with(&said), "{problem}");
    assert_eq!(problem.location.unwrap().line, task);
    assert!(mistake(app().param("port", "8080").task(serve())).contains(NO_PORT));
    drop(start(app().param("port", 8080).task(serve().start("daily"))));
}

#[test]
fn every_way_of_a_plain_value_into_a_task_is_checked() {
    let by_name = || task!("serve", [port: u16], port);
    let ways: [fn() -> Rocketry; 6] = [
        || app().task(task!("serve", [port: u16 = SimpleArg("8080")], port)),
        || app().task(task!("serve", [port: u16 = EnvArg("NO_SUCH_VARIABLE").or("8080")], port)),
        || {
            app()
                .param("p", "8080")
                .task(task!("serve", [port: u16 = Arg("p")], port))
        },
        || {
            app()
                .param("p", "8080")
                .argument("q", Arg("p"))
                .task(task!("serve", [port: u16 = EnvArg("NO_SUCH_VARIABLE") >> Arg("q")], port))
        },
        || app().task(task!("serve", [port: u16], port).parameter("port", "8080")),
        || {
            app()
                .param("port", "8080")
                .task(task!("serve", [port: Option<u16>], port))
        },
    ];
    for (index, way) in ways.iter().enumerate() {
        let said = mistake(way());
        assert!(
            said.starts_with("parameter `port` of task `serve`: expected `"),
            "{index}: {said}"
        );
        assert!(
            said.contains("found a value of type `alloc::string::String`"),
            "{index}: {said}"
        );
    }
    // What the task says goes before what the session says.
    drop(start(
        app().param("port", "8080").task(by_name().parameter("port", 80)),
    ));
}

#[test]
fn functions_behind_parameters_hooks_and_conditions_are_checked() {
    let url = made!("url", [port: u16], format!("http://localhost:{port}"));
    let said = mistake(app().param("port", "8080").argument("url", url.clone()));
    assert!(
        said.starts_with(&format!("parameter `port` of session parameter `url`: {NO_PORT}")),
        "{said}"
    );
    let said = mistake(
        app()
            .param("port", "8080")
            .task(task!("serve", [url: String = url.clone()], url)),
    );
    assert!(
        said.starts_with(&format!("parameter `port` of task `serve`: {NO_PORT}")),
        "{said}"
    );
    let said = mistake(
        app()
            .param("disk", 5)
            .func("work", "daily & disk answers", || async {}),
    );
    assert!(
        said.contains(
            "parameter `disk` of condition `disk answers`: expected `bool`, found a value of type `i32`"
        ),
        "{said}"
    );
}

#[test]
fn what_can_be_read_as_the_type_fits() {
    let app = app()
        .param("wide", 200_i64)
        .argument("text", SimpleArg::value(Value::text("8080")))
        .argument("made", FuncArg(|| "anything".to_owned()))
        .task(
            task!("serve", [wide: u8, text: u16, made: u8, none: Option<u8> = SimpleArg(None::<u8>)], {
                let _ = (wide, text, made, none);
            })
            .start("daily"),
        )
        .before(Moment::Startup, |session: Session| drop(session));
    drop(start(app));
}

#[test]
fn a_task_that_is_added_is_checked() {
    let app = start(app().param("port", "8080"));
    let error = app
        .session()
        .add(task!("serve", [port: u16], port).start("daily"))
        .unwrap_err();
    assert!(error.to_string().contains(NO_PORT), "{error}");
}

#[test]
fn session_parameters_in_a_cycle_are_only_told_as_such() {
    let built = app()
        .argument("a", Arg("b"))
        .argument("b", Arg("a"))
        .task(task!("work", [a: u8], a));
    assert!(mistake(built).contains("in a cycle"));
}

#[test]
fn no_message_shows_a_secret() {
    let text = || SimpleArg::value(Value::text("hunter2"));
    let secret = |app: Rocketry| {
        let config = Config {
            secrets: vec!["token".to_owned()],
            ..Config::default()
        };
        let said = mistake(app.config(config));
        assert!(said.contains("expected `u8`, found a secret value"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    };
    secret(app().task(task!("work", [token: u8 = text()], token)));
    secret(
        app()
            .argument("token", text())
            .task(task!("work", [token: u8], token)),
    );
    secret(app().task(task!("work", [token: u8], token).argument("token", text())));
}
