//! A command, a function in a child process and a function in the app, each of which takes the result of the
//! previous one: `cargo run --example processes`, on a Unix system. It ends by itself.

use std::collections::BTreeMap;

use rocketry::Result;
use rocketry::conds::{failed, succeeded};
use rocketry::prelude::*;

/// The counts, which are transferred from a process to the app as JSON.
type Counts = BTreeMap<String, u32>;

/// Runs in a child process, whose memory is freed when it exits.
#[task(after_success("list"), execution = "process", timeout = "10 seconds")]
fn count(#[arg(Return("list"))] lines: String) -> Counts {
    let mut counts = Counts::new();
    for ending in lines.lines().filter_map(|line| line.rsplit_once('.')) {
        *counts.entry(ending.1.to_owned()).or_default() += 1;
    }
    counts
}

/// Runs in the app.
#[task(after_success(count))]
fn report(#[arg(Return(count))] counts: Counts) {
    for (ending, count) in counts {
        println!("{count:>6} {ending}");
    }
}

/// A crash that would end the app only ends the child process, and is recorded as a failed run.
#[task(after_success(report), execution = "process")]
fn crash() {
    eprintln!("this is going to end badly");
    std::process::abort();
}

/// Prints how each process has ended, including commands.
#[hook(task_execute, after)]
fn tell(ended: Ended) {
    if let Some(process) = ended.process() {
        println!("the process of `{}` has ended with {}", ended.task, process.exit);
        if !process.exit.is_success() {
            println!("its last words: {}", process.output.trim_end());
        }
    }
}

fn app() -> Rocketry {
    // A list of words is not interpreted by a shell. The output of the command is the result.
    let list = Task::command("list", ["ls", "-1"]).cwd(env!("CARGO_MANIFEST_DIR"));
    Rocketry::new()
        .task(list.start("daily"))
        .shut_down_when(succeeded("report") & failed("crash"))
}

fn main() -> Result<()> {
    app().run()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
