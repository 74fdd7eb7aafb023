//! The programs of the advanced tutorial in the documentation of Python's Rocketry, in Rust. Each holds what its page says.
//!
//! | section | program | test |
//! |---|---|---|
//! | task types | a function with an attribute, and without | `types::a_function` |
//! | | a function of a file (`func_name`, `path`) | `types::a_function_of_a_file` |
//! | | a command | `types::a_command` |
//! | | code | `types::code` |
//! | metatasks | a task that shuts the app down | `metatasks::one_shuts_the_app_down` |
//! | | a task of the session: by its name, its function, or one of all | `metatasks::one_finds_a_task` |
//! | | a task as an argument | `metatasks::one_takes_a_task` |
//! | | forces a run, disables, enables | `metatasks::one_runs_and_disables_others` |
//! | | creates, updates and deletes tasks | `metatasks::one_creates_updates_and_deletes` |
//! | | a process of its own can't change the app | `ui/fail/process_with_session.rs`, `process/main.rs` (`detour`) |
//! | logs of tasks | by the kind of record | `logs::of_a_task` |

#[cfg(feature = "script")]
#[path = "../rocketry-core/tests/support/folder.rs"]
mod folder;

use std::time::Duration;

use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, OnExists, Zone};

/// An app of everything annotated here, with what a test adds.
fn start(add: impl FnOnce(Rocketry) -> Rocketry) -> TestApp {
    let app = Rocketry::new().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    });
    TestApp::start(add(app), "2026-01-01T00:00:00Z").unwrap()
}

fn result<T: serde::de::DeserializeOwned + Clone + 'static>(app: &TestApp, task: &str) -> T {
    let result = app.session().task(task).unwrap().result();
    let result = result.unwrap_or_else(|| panic!("{:?}", app.records(&Query::new().task(task))));
    result.read().unwrap()
}

mod types {
    use super::*;

    #[task("daily")]
    fn do_things() -> u32 {
        1
    }

    fn run_things() -> rocketry::Returned<u32> {
        rocketry::Returned(2)
    }

    #[test]
    fn a_function() {
        let mut app = start(|app| app.func("run_things", "daily", run_things));
        app.run_for(Duration::from_secs(86_400));
        assert_eq!(app.starts("types::do_things").len(), 2);
        assert_eq!(app.starts("run_things").len(), 2);
        assert_eq!(result::<u32>(&app, "types::do_things"), 1);
        assert_eq!(result::<u32>(&app, "run_things"), 2);
    }

    #[cfg(feature = "script")]
    #[test]
    fn a_function_of_a_file() {
        let folder = crate::folder::Folder::new();
        let path = folder.path("example.rhai");
        std::fs::write(&path, "fn main() { \"Hello world\" }").unwrap();
        let example = Task::script(&path)
            .function("main")
            .name("example")
            .start("daily");
        let app = start(|app| app.task(example));
        assert_eq!(result::<String>(&app, "example"), "Hello world");
    }

    #[cfg(unix)]
    #[test]
    fn a_command() {
        let hello = Task::command("hello", "echo \"Hello world\"").shell(true);
        let list = Task::command("list", ["echo", "Hello world"]);
        let app = start(|app| app.task(hello.start("daily")).task(list.start("daily")));
        assert_eq!(result::<String>(&app, "hello"), "Hello world\n");
        assert_eq!(result::<String>(&app, "list"), "Hello world\n");
    }

    #[cfg(feature = "script")]
    #[test]
    fn code() {
        let hello = Task::code("hello", "print(\"Hello world\"); \"said\"");
        let app = start(|app| app.task(hello.start("daily")));
        assert_eq!(result::<String>(&app, "hello"), "said");
    }
}

mod metatasks {
    use super::*;

    #[task]
    fn do_things() {}

    #[task(execution = "thread")]
    fn do_shutdown(session: Session) {
        session.shut_down();
    }

    #[task(execution = "thread")]
    fn read_task(session: Session) -> rocketry::Result<bool> {
        let by_name = session.task("metatasks::do_things")?;
        let by_function = session.task(do_things)?;
        let all = session.tasks();
        let one_of_all = all.iter().find(|task| task.name() == "metatasks::do_things");
        Ok(by_name == by_function && one_of_all == Some(&by_name))
    }

    #[task(execution = "thread")]
    fn take_task(#[arg(Task(do_things))] task: Task) -> String {
        task.name().to_owned()
    }

    #[task(execution = "main")]
    fn steer(session: Session, this: Task) -> rocketry::Result<()> {
        session.task(do_things)?.force_run();
        this.disable();
        Ok(())
    }

    #[task(execution = "main")]
    fn manage(session: Session) -> rocketry::Result<Vec<String>> {
        let created = session.add(Task::func("created", || {}).start("every 1 hour"))?;
        let again = Task::func("created", || {}).start("every 10 minutes");
        session.add_as(again, OnExists::Replace)?;
        session
            .add(Task::func("updated", || {}))?
            .set_start("every 30 minutes")?;
        session
            .add(Task::func("deleted", || {}).start("every 1 minute"))?
            .delete();
        let refused = session.add(Task::func("updated", || {})).map(drop).unwrap_err();
        assert!(refused.is_state() && created.name() == "created");
        Ok(session
            .tasks()
            .iter()
            .map(|task| task.name().to_owned())
            .collect())
    }

    fn run(app: &mut TestApp, task: &str) {
        drop(app.session().task(task).unwrap().force_run());
        app.settle();
    }

    #[test]
    fn one_shuts_the_app_down() {
        let app = Rocketry::new().handle_signals(false).build().unwrap();
        let run = app.session().task(do_shutdown).unwrap().force_run();
        app.run().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(run).unwrap().action, Action::Success);
    }

    #[test]
    fn one_finds_a_task() {
        let mut app = start(|app| app);
        run(&mut app, "read_task");
        assert!(result::<bool>(&app, "read_task"));
    }

    #[test]
    fn one_takes_a_task() {
        let mut app = start(|app| app);
        run(&mut app, "take_task");
        assert_eq!(result::<String>(&app, "take_task"), "metatasks::do_things");
    }

    #[test]
    fn one_runs_and_disables_others() {
        let mut app = start(|app| app);
        run(&mut app, "steer");
        assert_eq!(app.starts("metatasks::do_things").len(), 1);
        let steer = app.session().task(steer).unwrap();
        assert!(steer.is_disabled());
        steer.enable();
        assert!(!steer.is_disabled());
    }

    #[test]
    fn one_creates_updates_and_deletes() {
        let mut app = start(|app| app);
        run(&mut app, "manage");
        let names: Vec<String> = result(&app, "manage");
        assert!(names.contains(&"created".to_owned()) && !names.contains(&"deleted".to_owned()));
        app.run_for(Duration::from_secs(3600));
        assert_eq!(app.starts("created").len(), 7);
        assert_eq!(app.starts("updated").len(), 3);
        assert_eq!(app.starts("deleted").len(), 0);
    }
}

mod logs {
    use super::*;

    #[task]
    fn do_things(#[arg(Arg("well", default = true))] well: bool) -> Result<(), &'static str> {
        if well { Ok(()) } else { Err("not well") }
    }

    #[task(execution = "thread")]
    fn read_logs(session: Session) -> rocketry::Result<Vec<usize>> {
        let of = |action| {
            let query = Query::new().task("logs::do_things").action(action);
            session.log(&query).map(|records| records.len())
        };
        [Action::Run, Action::Success, Action::Fail]
            .map(of)
            .into_iter()
            .collect()
    }

    #[test]
    fn of_a_task() {
        let mut app = start(|app| app);
        let task = app.session().task(do_things).unwrap();
        for well in [true, false, true] {
            task.run(Params::new().with("well", well));
        }
        app.settle();
        drop(app.session().task(read_logs).unwrap().force_run());
        app.settle();
        assert_eq!(result::<Vec<usize>>(&app, "read_logs"), [3, 2, 1]);
    }
}
