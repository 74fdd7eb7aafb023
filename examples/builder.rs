//! An app without macros: `cargo run --example builder`. It ends by itself.

use std::time::Duration;

use rocketry::conds::{after_success, every, succeeded};
use rocketry::prelude::*;
use rocketry::{Action, Result};

/// Counts its runs. The returned value is the result of the task.
async fn tick(this: Task) -> u64 {
    this.total(Action::Run)
}

/// Works until it is told to stop. A plain function runs on its own thread.
fn spin(flag: TerminationFlag) {
    while !flag.is_set() {
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("spin saw its flag");
}

fn app() -> Rocketry {
    Rocketry::builder()
        .param("mode", "demo")
        .func("tick", every("200 ms") & "param 'mode' is 'demo'", tick)
        // `func!` looks parameters up by name, like an annotated function.
        .func(
            "echo",
            after_success("tick"),
            func!(|#[arg(Return("tick"))] number: u64, now: Now| println!(
                "tick number {number} at {}",
                *now
            )),
        )
        .task(Task::func("spin", spin).start("daily").timeout("700 ms"))
        .shut_down_when(succeeded("echo").at_least(5))
}

fn main() -> Result<()> {
    let app = app().build()?;
    let session = app.session();
    app.run()?;

    for record in session.log(&Query::new().action(Action::Terminate))? {
        println!(
            "{} was terminated: {}",
            record.task,
            record.message.as_deref().unwrap_or("nobody knows why")
        );
    }
    println!(
        "{} runs in all",
        session.log(&Query::new().action(Action::Run))?.len()
    );
    Ok(())
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
