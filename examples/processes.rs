//! A command, a process of its own and a function, each of which takes what the one before has given:
//! `cargo run --example processes`, on a Unix system. It ends by itself.

use std::collections::BTreeMap;

use rocketry::Result;
use rocketry::conds::{failed, succeeded};
use rocketry::prelude::*;

/// What is counted, on its way from a process to the app as JSON.
type Counts = BTreeMap<String, u32>;

/// Runs in a process of its own, so it may take all the memory it likes: the process takes it along.
#[task(after_success("list"), execution = "process", timeout = "10 seconds")]
fn count(#[arg(Return("list"))] lines: String) -> Counts {
    let mut counts = Counts::new();
    for ending in lines.lines().filter_map(|line| line.rsplit_once('.')) {
        *counts.entry(ending.1.to_owned()).or_default() += 1;
    }
    counts
}

/// Runs in the app again.
#[task(after_success(count))]
fn report(#[arg(Return(count))] counts: Counts) {
    for (ending, count) in counts {
        println!("{count:>6} {ending}");
    }
}

/// What would end the app ends a process of its own, and is a failed run.
#[task(after_success(report), execution = "process")]
fn crash() {
    eprintln!("this is going to end badly");
    std::process::abort();
}

/// Sees how every process has ended, commands included.
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
    // A list of words never meets a shell; what the command prints is its result.
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
