//! The programs of the pages on parameters and arguments in the documentation of Python's Rocketry, in Rust. Each holds what its
//! page says.
//!
//! | page | program | test |
//! |---|---|---|
//! | parameterization | the order of the levels | `levels::the_stronger_level_wins_key_by_key` |
//! | | a batch, queued before the app starts | `batches::one_may_be_given_before_the_app_starts` |
//! | | each run takes the oldest batch, and without one none | `batches::each_run_takes_the_oldest` |
//! | | a task that runs others by hand | `batches::a_task_may_run_others_by_hand` |
//! | | parameters of a task | `levels::of_a_task` |
//! | | parameters of a function | `levels::of_a_function` |
//! | | parameters of the session, by value and by function | `levels::of_the_session`, `levels::a_value_replaces_a_function` |
//! | | a parameter in a custom condition | `within::a_condition_takes_parameters` |
//! | | a parameter in another one | `within::a_parameter_takes_parameters` |
//! | | arguments that ask for each other | `within::a_cycle_is_found_before_anything_runs` |
//! | arguments | the first of a row that there is | `sources::the_first_of_a_row_that_there_is` |
//! | | `SimpleArg`, `FuncArg` | `sources::a_value_and_a_function` |
//! | | `Arg`, also with a default | `sources::a_session_parameter` |
//! | | `EnvArg`, also with a default | `sources::an_environment_variable` |
//! | | `CliArg`, also with a default | `sources::an_option_of_the_command_line` |
//! | | `Return`, also with a default | `sources::the_result_of_a_task` |
//! | | `Task`, of itself and of another | `parts::a_task_and_another` |
//! | | `TerminationFlag` | `parts::a_flag_that_is_to_be_heeded` |
//! | | `Session` | `parts::the_session` |

#[path = "../rocketry-core/tests/support/serving.rs"]
mod serving;

use std::time::Duration;

use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, Zone};
use serving::serve;

/// An app of everything annotated here. What its page calls a program is a module, so that names do not meet.
fn app() -> Rocketry {
    Rocketry::new().param("my_arg", "Hello world").config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

fn start() -> TestApp {
    TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap()
}

/// The result of a task's last run, a text.
fn text(app: &TestApp, task: &str) -> String {
    let result = app.session().task(task).unwrap().result();
    let result = result.unwrap_or_else(|| panic!("{:?}", app.records(&Query::new().task(task))));
    result.read().unwrap()
}

/// Runs a task with parameters; gives back its result.
fn run(app: &mut TestApp, task: &str, params: Params) -> String {
    drop(app.session().task(task).unwrap().run(params));
    app.settle();
    text(app, task)
}

mod levels {
    use super::*;

    #[param("of_both")]
    fn of_both() -> String {
        "session".to_owned()
    }

    #[task(parameters = { arg = "a value" })]
    fn with_task_parameters(arg: String) -> String {
        arg
    }

    #[task]
    fn with_function_parameters(#[arg(SimpleArg("a value"))] arg: String) -> String {
        arg
    }

    #[task]
    fn with_session_parameters(given: String, made: String) -> String {
        format!("{given}, {made}")
    }

    #[param("made")]
    fn get_arg() -> String {
        "made value".to_owned()
    }

    #[task(parameters = { a = "task", b = "task" })]
    fn with_all(
        #[arg(SimpleArg("function"))] a: String,
        #[arg(SimpleArg("function"))] b: String,
        #[arg(SimpleArg("function"))] of_both: String,
        my_arg: String,
    ) -> String {
        format!("{a}, {b}, {of_both}, {my_arg}")
    }

    #[test]
    fn of_a_task() {
        assert_eq!(
            run(&mut start(), "with_task_parameters", Params::new()),
            "a value"
        );
    }

    #[test]
    fn of_a_function() {
        assert_eq!(
            run(&mut start(), "with_function_parameters", Params::new()),
            "a value"
        );
    }

    #[test]
    fn of_the_session() {
        let app = app().argument("given", SimpleArg("a value"));
        let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
        assert_eq!(
            run(&mut app, "with_session_parameters", Params::new()),
            "a value, made value"
        );
    }

    #[test]
    fn a_value_replaces_a_function() {
        let app = app().param("given", "a value").param("made", "another value");
        let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
        assert_eq!(
            run(&mut app, "with_session_parameters", Params::new()),
            "a value, another value"
        );
    }

    #[test]
    fn the_stronger_level_wins_key_by_key() {
        let mut app = start();
        let batch = params! { a = "batch" };
        assert_eq!(
            run(&mut app, "with_all", batch),
            "batch, task, function, Hello world"
        );
        assert_eq!(
            run(&mut app, "with_all", Params::new()),
            "task, task, function, Hello world"
        );
    }
}

mod batches {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[task]
    fn do_things(#[arg(SimpleArg("none"))] arg: String) -> String {
        arg
    }

    /// What is to be run, and with which parameters.
    fn get_task_to_run() -> (&'static str, Params) {
        ("batches::do_things", params! { arg = "a value" })
    }

    #[task(minutely, execution = "main")]
    fn manual_run(session: Session) -> rocketry::Result<()> {
        let (name, params) = get_task_to_run();
        session.task(name)?.run(params);
        Ok(())
    }

    #[test]
    fn one_may_be_given_before_the_app_starts() {
        let app = app().build().unwrap();
        let session = app.session();
        let run = session.task(do_things).unwrap().run(params! { arg = "a value" });
        let record = serving::runtime().block_on(async {
            let served = tokio::spawn(app.serve());
            let record = run.await.unwrap();
            session.shut_down();
            served.await.unwrap().unwrap();
            record
        });
        assert_eq!(record.action, Action::Success);
    }

    /// What the runs of a task were given.
    type Seen = Arc<Mutex<Vec<String>>>;

    #[task]
    fn see(#[arg(SimpleArg("none"))] arg: String, seen: Seen) {
        seen.lock().unwrap().push(arg);
    }

    #[test]
    fn each_run_takes_the_oldest() {
        let mut app = start();
        let seen = Seen::default();
        app.session().set_param("seen", seen.clone());
        let task = app.session().task(see).unwrap();
        for arg in ["first", "second"] {
            task.run(params! { arg = arg });
        }
        task.force_run();
        app.settle();
        assert_eq!(*seen.lock().unwrap(), ["first", "second", "none"]);
    }

    #[test]
    fn a_task_may_run_others_by_hand() {
        let mut app = start();
        assert_eq!(text(&app, "batches::do_things"), "a value");
        app.run_for(Duration::from_secs(120));
        assert_eq!(app.starts("batches::do_things").len(), 3);
    }
}

mod within {
    use super::*;

    #[cond("is foo")]
    fn is_foo(#[arg("my_arg")] arg: String) -> bool {
        arg == "Hello world"
    }

    #[task(every("1 hour") & is_foo)]
    fn if_foo() {}

    #[param("my_arg_2")]
    fn get_my_arg(#[arg("my_arg")] arg: String) -> String {
        assert_eq!(arg, "Hello world");
        "Hello world 2".to_owned()
    }

    #[task]
    fn takes_both(my_arg: String, my_arg_2: String) -> String {
        format!("{my_arg}, {my_arg_2}")
    }

    #[test]
    fn a_condition_takes_parameters() {
        let mut app = start();
        assert_eq!(app.starts("if_foo").len(), 1);
        app.session().set_param("my_arg", "Goodbye");
        app.run_for(Duration::from_secs(7200));
        assert_eq!(app.starts("if_foo").len(), 1);
    }

    #[test]
    fn a_parameter_takes_parameters() {
        assert_eq!(
            run(&mut start(), "takes_both", Params::new()),
            "Hello world, Hello world 2"
        );
    }

    #[test]
    fn a_cycle_is_found_before_anything_runs() {
        let app = Rocketry::builder()
            .argument("a", Arg("b"))
            .argument("b", Arg("a"));
        let error = app.build().map(drop).unwrap_err();
        assert!(error.is_build());
        let said = error.to_string();
        assert!(
            said.contains("session parameters depend on each other in a cycle: a → b → a"),
            "{said}"
        );
        assert_eq!(said.matches("seed_parameterization.rs:").count(), 3, "{said}");
    }
}

mod sources {
    use std::process::{Command, Output};

    use super::*;

    fn get_value() -> String {
        "a value".to_owned()
    }

    #[task]
    fn simple(#[arg(SimpleArg("a value"))] arg: String) -> String {
        arg
    }

    #[task]
    fn made(#[arg(FuncArg(get_value))] arg: String) -> String {
        arg
    }

    #[task]
    fn of_the_session(
        #[arg(Arg("my_arg"))] arg: String,
        #[arg(Arg("no_such", default = "a default".to_owned()))] other: String,
    ) -> String {
        format!("{arg}, {other}")
    }

    #[task]
    fn of_the_environment(
        #[arg(EnvArg("SEED_ARG", default = "a default".to_owned()))] arg: String,
    ) -> String {
        arg
    }

    #[task]
    fn of_the_command_line(
        #[arg(CliArg("--myparam", default = "a default".to_owned()))] arg: String,
    ) -> String {
        arg
    }

    #[task]
    fn of_a_row(
        #[arg(EnvArg("SEED_ENV") >> CliArg("--env") >> Arg("env") >> SimpleArg("test"))] arg: String,
    ) -> String {
        arg
    }

    #[task(daily)]
    fn do_first() -> String {
        "a value".to_owned()
    }

    #[task(after_success(do_first))]
    fn do_second(#[arg(Return(do_first))] arg: String) -> String {
        arg
    }

    #[task]
    fn too_early(#[arg(Return(never_run, default = "a default".to_owned()))] arg: String) -> String {
        arg
    }

    #[task]
    fn never_run() -> String {
        String::new()
    }

    #[test]
    fn a_value_and_a_function() {
        let mut app = start();
        assert_eq!(run(&mut app, "simple", Params::new()), "a value");
        assert_eq!(run(&mut app, "sources::made", Params::new()), "a value");
    }

    #[test]
    fn a_session_parameter() {
        assert_eq!(
            run(&mut start(), "of_the_session", Params::new()),
            "Hello world, a default"
        );
    }

    /// Runs one of these tests again, as a program with other variables and other words.
    fn again(test: &str, variables: &[(&str, &str)], words: &[&str]) {
        let Output { status, stdout, .. } = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("sources::{test}"), "--"])
            .args(words)
            .envs(variables.iter().copied())
            .env(AGAIN, "yes")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&stdout);
        assert!(status.success() && printed.contains("1 passed"), "{printed}");
    }

    /// Set for a test that runs again.
    const AGAIN: &str = "SEED_AGAIN";

    fn is_again() -> bool {
        std::env::var_os(AGAIN).is_some()
    }

    #[test]
    fn an_environment_variable() {
        let said = run(&mut start(), "of_the_environment", Params::new());
        if is_again() {
            assert_eq!(said, "a value");
        } else {
            assert_eq!(said, "a default");
            again("an_environment_variable", &[("SEED_ARG", "a value")], &[]);
        }
    }

    #[test]
    fn an_option_of_the_command_line() {
        let said = run(&mut start(), "of_the_command_line", Params::new());
        if is_again() {
            assert_eq!(said, "a value");
        } else {
            assert_eq!(said, "a default");
            again("an_option_of_the_command_line", &[], &["--myparam", "a value"]);
        }
    }

    #[test]
    fn the_first_of_a_row_that_there_is() {
        let mut app = start();
        if is_again() {
            let expected = std::env::var("EXPECTED").unwrap();
            app.session().set_param("env", "session");
            assert_eq!(run(&mut app, "of_a_row", Params::new()), expected);
            return;
        }
        assert_eq!(run(&mut app, "of_a_row", Params::new()), "test");
        app.session().set_param("env", "session");
        assert_eq!(run(&mut app, "of_a_row", Params::new()), "session");
        let words = ["--env", "command line"];
        let rows = [
            (vec![("EXPECTED", "command line")], &words[..]),
            (
                vec![("EXPECTED", "environment"), ("SEED_ENV", "environment")],
                &words[..],
            ),
        ];
        for (variables, words) in rows {
            again("the_first_of_a_row_that_there_is", &variables, words);
        }
    }

    #[test]
    fn the_result_of_a_task() {
        let mut app = start();
        assert_eq!(text(&app, "do_second"), "a value");
        assert_eq!(run(&mut app, "too_early", Params::new()), "a default");
    }
}

mod parts {
    use super::*;

    #[task]
    fn do_other() {}

    #[task]
    fn do_things(this: Task, #[arg(Task(do_other))] other: Task) -> String {
        format!("{} and {}", this.name(), other.name())
    }

    #[task(execution = "thread")]
    fn heeds(flag: TerminationFlag) {
        while !flag.is_set() {
            std::thread::yield_now();
        }
    }

    #[task]
    fn counts(session: Session) -> String {
        session.tasks().iter().any(Task::is_running).to_string()
    }

    #[test]
    fn a_task_and_another() {
        assert_eq!(
            run(&mut start(), "parts::do_things", Params::new()),
            "parts::do_things and parts::do_other"
        );
    }

    /// No error has to say so: a run that ends after it was told to is one that was terminated.
    #[test]
    fn a_flag_that_is_to_be_heeded() {
        let record = serve(app(), async |session| {
            let task = session.task(heeds).unwrap();
            let run = task.run(Params::new());
            task.wait_for(Status::Running).await.unwrap();
            task.terminate();
            run.await.unwrap()
        });
        assert_eq!(record.action, Action::Terminate);
    }

    #[test]
    fn the_session() {
        assert_eq!(run(&mut start(), "counts", Params::new()), "true");
    }
}
