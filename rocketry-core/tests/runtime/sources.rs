//! Where a parameter's value comes from.

use std::process::Command;

use rocketry_core::param::{Arg, Argument, CliArg, Context, EnvArg, FuncArg, Params, Return, SimpleArg};
use rocketry_core::{Error, Result, Rocketry, Value};

use crate::support::{app, message, mistakes, result, start};

/// What a task that takes an `i32` from this source gives, or what is said.
fn taken(app: Rocketry, source: impl Argument) -> Result<i32, String> {
    let app = start(app.task(task!("work", [number: i32 = source], number).on_startup(true)));
    match app.session().task("work").unwrap().result() {
        Some(value) => Ok(value.get().unwrap()),
        None => Err(message(&app, "work")),
    }
}

#[test]
fn a_row_takes_the_first_that_has_a_value() {
    let none = || EnvArg("ROCKETRY_NOTHING");
    assert_eq!(taken(app(), none() >> CliArg("--nothing") >> SimpleArg(3)), Ok(3));
    assert_eq!(taken(app(), none().or(4)), Ok(4));
    assert_eq!(taken(app(), SimpleArg(1) >> SimpleArg(2)), Ok(1));
    assert_eq!(
        taken(app().param("x", 5), none() >> (Arg("y") >> Arg("x"))),
        Ok(5)
    );
    assert_eq!(taken(app(), (none() >> CliArg("--nothing")).or(6)), Ok(6));
    assert_eq!(taken(app(), FuncArg(|| 7).or(8)), Ok(7));
    let said = taken(app(), none() >> CliArg("--nothing")).unwrap_err();
    assert!(
        said.contains("the command line has no `--nothing` with a value"),
        "{said}"
    );
}

#[test]
fn an_error_that_is_not_an_absence_ends_a_row() {
    let broken = || made!("broken", [], Err::<i32, &str>("the disk is gone"));
    let said = taken(app(), broken() >> SimpleArg(1)).unwrap_err();
    assert!(said.contains("the disk is gone"), "{said}");
}

#[test]
fn an_environment_variable_is_read_as_the_type_of_the_parameter() {
    // Cargo sets these for every test.
    assert_eq!(taken(app(), EnvArg("CARGO_PKG_VERSION_MAJOR")), Ok(0));
    let said = taken(app(), EnvArg("CARGO_PKG_NAME")).unwrap_err();
    assert!(
        said.contains("expected `i32`, found the text `rocketry-core`"),
        "{said}"
    );
    let said = taken(app(), EnvArg("ROCKETRY_NOTHING")).unwrap_err();
    assert!(
        said.contains("environment variable `ROCKETRY_NOTHING`: environment variable not found"),
        "{said}"
    );
}

#[test]
fn an_option_of_the_command_line_is_read_as_the_type_of_the_parameter() {
    const MARK: &str = "READS_OPTIONS";
    if std::env::var(MARK).is_ok() {
        assert_eq!(taken(app(), CliArg("--test-threads")), Ok(1));
        let colour = task!("colour", [colour: String = CliArg("--color")], colour);
        assert_eq!(
            result::<String>(&start(app().task(colour.on_startup(true))), "colour"),
            "never"
        );
        assert!(
            taken(app(), CliArg("--test")).is_err(),
            "the beginning of an option is not the option"
        );
        return;
    }
    let name = "sources::an_option_of_the_command_line_is_read_as_the_type_of_the_parameter";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--test-threads=1", "--color", "never"])
        .env(MARK, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_function_takes_parameters_of_its_own() {
    let app = app()
        .param("base", 10)
        .argument("double", made!("double", [base: i32], base * 2))
        .argument(
            "more",
            made!("more", [start: i32 = Arg("double"), step: i32 = SimpleArg(1)], start + step),
        );
    assert_eq!(taken(app, Arg("more")), Ok(21));
}

#[test]
fn a_function_gets_the_parameters_of_the_run_it_is_asked_for() {
    // Late resolution: what the run was given counts for the functions behind its parameters too.
    let greet = task!("greet", [text: String = made!("text", [name: String], format!("Hello {name}"))], text);
    let mut app = start(app().param("name", "world").task(greet));
    app.session()
        .task("greet")
        .unwrap()
        .run(Params::new().with("name", "you"));
    app.settle();
    assert_eq!(result::<String>(&app, "greet"), "Hello you");
}

#[test]
fn the_session_answers_for_its_parameters() {
    let app = start(
        app()
            .param("base", 10)
            .argument("double", made!("double", [base: i32], base * 2))
            .argument("lost", EnvArg("ROCKETRY_NOTHING")),
    );
    let session = app.session();
    assert_eq!(session.param("double").unwrap().get::<i32>(), Some(20));
    assert!(session.param("lost").unwrap_err().is_not_found());
    let error = session.param("duoble").unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "there is no session parameter `duoble`; did you mean `double`?"
    );
    assert_eq!(session.params().iter().count(), 3);
}

#[test]
fn an_argument_of_ones_own_may_hold_others() {
    struct Twice<A>(A);

    impl<A: Argument> std::fmt::Display for Twice<A> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "Twice({})", self.0)
        }
    }

    impl<A: Argument> Argument for Twice<A> {
        fn value(&self, context: &Context<'_>) -> Result<Value> {
            let value = context.value_of(&self.0)?;
            let number: i32 = value.get().ok_or_else(|| Error::not_found("no number"))?;
            Ok(Value::new(number * 2))
        }
    }

    assert_eq!(taken(app().param("x", 4), Twice(Twice(Arg("x")))), Ok(16));
    let said = taken(app().param("x", "four"), Twice(Arg("x"))).unwrap_err();
    assert!(said.contains("no number"), "{said}");
}

#[test]
fn a_hidden_cycle_ends_with_an_error() {
    struct Hidden;

    impl std::fmt::Display for Hidden {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Hidden")
        }
    }

    impl Argument for Hidden {
        fn value(&self, context: &Context<'_>) -> Result<Value> {
            context.value_of(&Arg("x"))
        }
    }

    let said = taken(app().argument("x", Hidden), Arg("x")).unwrap_err();
    assert!(
        said.contains("nested more than 64 arguments deep: do they form a cycle?"),
        "{said}"
    );
}

#[test]
fn sources_show_themselves_as_they_are_written() {
    struct Plain;
    let row = EnvArg("X") >> CliArg("--x") >> Return("fetch") >> Arg("x");
    assert_eq!(
        row.to_string(),
        "EnvArg(\"X\") >> CliArg(\"--x\") >> Return(\"fetch\") >> Arg(\"x\")"
    );
    assert_eq!((row.or(5)).to_string().split(" >> ").last(), Some("SimpleArg(5)"));
    assert!(SimpleArg(Plain).to_string().starts_with("SimpleArg(Value("));
    assert_eq!(made!("size", [], 5).to_string(), "FuncArg(size)");
    assert!(
        FuncArg(|| 5)
            .to_string()
            .starts_with("FuncArg(runtime::sources::")
    );
}

#[test]
fn what_stands_in_makes_a_missing_parameter_legal() {
    assert_eq!(taken(app(), Arg("missing").or(2)), Ok(2));
    let error = mistakes(app().task(task!("work", [number: i32 = EnvArg("X") >> Arg("missing")], number)));
    assert!(
        error
            .to_string()
            .contains("there is no session parameter `missing`")
    );
}
