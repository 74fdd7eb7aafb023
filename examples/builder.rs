//! An app without macros: `cargo run --example builder`. It ends by itself.

use std::time::Duration;

use rocketry::conds::{after_success, every, succeeded};
use rocketry::prelude::*;
use rocketry::{Action, Result, Returned};

/// Counts the runs so far; the value it returns is the result of its task.
async fn tick(this: Task) -> Returned<u64> {
    Returned(this.total(Action::Run))
}

/// Takes the result of `tick` by hand. A macro would write `#[arg(Return(tick))] number: u64`.
async fn echo(session: Session) -> Result<()> {
    if let Some(number) = session
        .task("tick")?
        .result()
        .and_then(|value| value.get::<u64>())
    {
        println!("tick number {number} at {}", session.now());
    }
    Ok(())
}

/// Works until it is told to stop; a plain function runs on a thread of its own.
fn spin(flag: TerminationFlag) {
    while !flag.is_set() {
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("spin saw its flag");
}

fn main() -> Result<()> {
    let app = Rocketry::builder()
        .param("mode", "demo")
        .func("tick", every("200 ms") & "param 'mode' is 'demo'", tick)
        .func("echo", after_success("tick"), echo)
        .task(Task::func("spin", spin).start("daily").timeout("700 ms"))
        .shut_down_when(succeeded("echo").at_least(5))
        .build()?;
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
