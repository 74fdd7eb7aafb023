//! The app that restarts: it requests many runs, and prints its actions to its standard output.

use std::time::Duration;

use rocketry_core::{
    Action, Config, Error, Moment, OnExists, Params, Query, Result, Rocketry, Session, Status, Task,
    TaskBuilder, Timestamp,
};

/// The word on the command line that makes a process one of this app.
pub(crate) const WORD: &str = "life";

/// The environment variable with the address of the run log, if it is not in memory.
pub(crate) const LOG: &str = "LOG_OF_LIFE";

/// How many runs are asked for, so many at a time.
pub(crate) const RUNS: u32 = 2_000;
const AT_ONCE: u32 = 50;

/// After which of them the app restarts.
const TURNS: [u32; 2] = [500, 1_250];

/// The secret, which must never be written.
const SECRET: &str = "hunter2";

/// Runs until everything is done.
pub(crate) fn live() {
    if let Some(path) = std::env::var_os("ROCKETRY_INTERNAL_LEFT") {
        let left = std::fs::read_to_string(&path).unwrap();
        assert!(!left.contains(SECRET), "{left}");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions());
        println!("mode {:o}", mode & 0o777);
    }
    let app = match std::env::var(LOG) {
        Ok(log) => app().log(log),
        Err(_) => app(),
    };
    let app = app.build().unwrap();
    let session = app.session();
    app.run().unwrap();
    finish(&session).unwrap();
}

fn app() -> Rocketry {
    let config = Config {
        log_capacity: 10_000_000,
        secrets: vec!["token".into()],
        ..Config::default()
    };
    Rocketry::builder()
        .config(config)
        .param("token", "declared")
        .param("finishing", false)
        .setup(|| println!("life {}", std::process::id()))
        .after(Moment::Startup, begin)
        .task(Task::func("ask", ask))
        .task(Task::func("work", work).max_running(8))
        .task(Task::func("noise", || println!("noise")).start("every 1 ms"))
        .task(Task::func("slow", slow).start("every 2 ms"))
        .task(Task::func("once", || Ok::<u32, Error>(42)).start("~has started"))
        .task(Task::func("off", || println!("off")))
        .task(Task::func("changed", || async {}))
        .task(Task::func("finished", finished).start("every 5 ms"))
}

fn number(params: &Params, key: &str) -> u32 {
    let entry = params.get(key).expect("it was asked with a number");
    entry.plain().expect("a value").read().expect("a number")
}

/// Begins its first life with many requests, and with changes that have to persist.
fn begin(session: Session) -> Result<()> {
    let added = Task::func("added", || async {}).start("~has started");
    session.add_as(added, OnExists::Ignore)?;
    if session.param("begun").is_ok() {
        return Ok(());
    }
    session.set_param("begun", true);
    session.set_param("mode", "full");
    session.set_param("token", SECRET);
    let off = session.task("off")?;
    off.set_start("true")?;
    off.disable();
    let changed = session.task("changed")?;
    changed.set_start("every 1 hour & param 'mode' is 'full'")?;
    changed.set_priority(5);
    changed.set_param("size", 8);
    for first in (0..RUNS).step_by(AT_ONCE as usize) {
        session.task("ask")?.run(Params::new().with("first", first));
    }
    Ok(())
}

/// Requests runs, some of them after a restart has begun.
async fn ask(params: Params, session: Session) -> Result<()> {
    let first = number(&params, "first");
    let work = session.task("work")?;
    for n in first..first + AT_ONCE {
        if n == first + AT_ONCE / 2 && TURNS.contains(&first) {
            session.restart()?;
        }
        work.run(Params::new().with("n", n));
    }
    Ok(())
}

async fn work(params: Params, session: Session) {
    let n = number(&params, "n");
    if n.is_multiple_of(16) {
        session.clock().sleep(Duration::from_millis(1)).await;
    }
    println!("done {n}");
}

async fn slow(session: Session) {
    session.clock().sleep(Duration::from_millis(3)).await;
}

/// Ends the app when everything is done.
fn finished(session: Session) -> Result<()> {
    if session.task("work")?.total(Action::Success) == u64::from(RUNS) {
        session.set_param("finishing", true);
        session.shut_down();
    }
    Ok(())
}

/// Prints the final state.
fn finish(session: &Session) -> Result<()> {
    if session.param("finishing")?.read::<bool>().ok() != Some(true) {
        return Ok(());
    }
    let task = |name| session.task(name);
    assert!(task("off")?.is_disabled());
    let recalled = std::env::var("ROCKETRY_RESTARTING").as_deref() == Ok("recall");
    let token = if recalled { SECRET } else { "declared" };
    if std::env::var("TMPDIR").is_ok_and(|room| !room.ends_with("nowhere")) {
        assert_eq!(session.param("token")?.read::<String>().as_deref(), Ok(token));
    }
    assert_eq!(task("off")?.start_condition().unwrap().to_string(), "true");
    assert_eq!(task("changed")?.priority(), 5);
    let start = task("changed")?.start_condition().unwrap().to_string();
    assert_eq!(start, "every 1 hour & param 'mode' is 'full'");
    let size = task("changed")?.params().get("size").unwrap().plain().cloned();
    assert_eq!(size.unwrap().read::<i32>().unwrap(), 8);
    assert_eq!(task("changed")?.total(Action::Success), 1, "once an hour");
    assert_eq!(task("added")?.total(Action::Success), 1, "it has its past");
    assert_eq!(task("once")?.result().unwrap().read::<u32>().unwrap(), 42);
    assert_eq!(task("once")?.status(), Status::Ended(Action::Success));
    for failure in session.failures() {
        println!("failure {}", failure.part);
    }
    for record in session.log(&Query::new())? {
        println!("record {} {} {}", record.task, record.run_id, record.action);
    }
    for task in session.tasks() {
        for action in Action::ALL {
            let last = task.last(action).map_or(0, Timestamp::as_micros);
            println!("total {} {action} {} {last}", task.name(), task.total(action));
        }
    }
    println!("all is well");
    Ok(())
}

/// A value that can't be written as text.
struct Wordless;

/// An app whose restart would leave something behind; what it says of that.
pub(crate) fn refusal(change: fn(&Session)) -> Error {
    let app = Rocketry::builder()
        .task(Task::func("work", || async {}))
        .task(waiting())
        .config(Config {
            secrets: vec!["token".into()],
            ..Config::default()
        })
        .build()
        .unwrap();
    change(&app.session());
    app.session().restart().unwrap_err()
}

fn waiting() -> TaskBuilder {
    Task::func("waiting", || async {}).parameter("declared", Wordless)
}

/// A change that can't be told to another process, and what is said of it.
type Change = (fn(&Session), &'static str);

pub(crate) const CHANGES: [Change; 4] = [
    (
        |session| session.set_param("secret", Wordless),
        "the parameter `secret` of the session",
    ),
    (
        |session| session.task("work").unwrap().set_param("own", Wordless),
        "the parameter `own` of task `work`",
    ),
    (
        |session| {
            let work = session.task("work").unwrap();
            work.run(Params::new().with("n", Wordless));
        },
        "the parameter `n` of a run of task `work` that was asked for",
    ),
    (
        |session| {
            let work = session.task("work").unwrap();
            work.run(Params::new().with("token", SECRET));
        },
        "the parameter `token` of a run of task `work` that was asked for can't be written down: it is secret",
    ),
];
