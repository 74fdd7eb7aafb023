//! The app that is driven.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use rocketry::param::{CliArg, FirstOf};
use rocketry::{Due, Rocketry, Task, TerminationFlag, Timestamp, func};
use rocketry_cli::CommandLine as _;

/// Names the run log of the app; empty for one in memory.
pub(crate) const LOG: &str = "ROCKETRY_INTERNAL_TEST_LOG";

/// A file: without it, runs of the task `copy` that are due from [`GATE`] on do not end.
pub(crate) const GO: &str = "go";

/// See [`GO`].
const GATE: &str = "2024-02-06T00:00:00Z";

/// Copies the data of a day.
async fn copy(due: Due) {
    let gate: Timestamp = GATE.parse().unwrap();
    while due.0 >= gate && !Path::new(GO).exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The mode of the app: `--mode fast` on the command line, else `slow`.
fn mode() -> FirstOf {
    CliArg("--mode").or("slow".to_owned())
}

pub(crate) fn main(log: &str) -> ExitCode {
    let import = Task::func(
        "import",
        func!(|day: String| async move { format!("orders of {day}") }),
    );
    let apart = Task::func("apart", std::process::id).execution(rocketry::Execution::Process);
    let broken = Task::func("broken", || async { Err::<(), _>("no network") });
    let endless = Task::func("endless", |flag: TerminationFlag| {
        while !flag.is_set() {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let copy = Task::func("copy", copy)
        .start("daily at 03:00")
        .timezone("UTC")
        .disabled(true);
    let tell = Task::func("tell", func!(|mode: String| async move { mode }));
    let app = Rocketry::builder()
        .version("4.5.6")
        .argument("mode", mode())
        .param("day", "today".to_owned())
        .task(import.parameter("day", "today".to_owned()))
        .task(apart)
        .task(broken)
        .task(endless)
        .task(tell)
        .task(Task::command("printing", "echo one; printf two").shell(true))
        .task(copy)
        .task(Task::func("first", || async {}).start("daily & at most 1 runs"))
        .task(Task::func("second", || async {}).start("after task 'first'"));
    let app = if log.is_empty() {
        app
    } else {
        app.log(format!("csv:{log}"))
    };
    app.cli()
}
