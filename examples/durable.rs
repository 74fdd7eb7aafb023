//! An app that remembers its runs after a restart: run `cargo run --example durable --features sqlite`
//! several times. Stop it with Ctrl-C or `kill -9`; otherwise it ends after five seconds.

use std::time::Duration;

use rocketry::prelude::*;
use rocketry::{Action, Result, SqliteLog};

/// Runs once a day, however often the app is started.
#[task("daily")]
async fn import() -> u64 {
    println!("import: this is the only time today");
    20_000
}

/// Continues counting from the result of its last run, even across restarts.
#[task("every 1 second")]
async fn count(#[arg(Return(count, default = 0))] last: u64) -> u64 {
    println!("count: {}", last + 1);
    last + 1
}

/// Is still running when the app is killed: the next start of the app records the crash.
#[task("every 10 seconds")]
async fn slow() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[task("every 2 seconds")]
async fn shaky(number: RunId) -> Result<(), String> {
    Err(format!("run {number} has failed, as always"))
}

#[task(on_startup = true)]
fn end_after_five_seconds(session: Session) {
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(5));
        session.shut_down_now();
    });
}

fn main() -> Result<()> {
    let file = std::env::temp_dir().join("rocketry-durable.db");
    println!("the log is {}", file.display());
    tell_the_past(&SqliteLog::open(&file)?)?;
    Rocketry::new().log(format!("sqlite:{}", file.display())).run()
}

fn tell_the_past(log: &SqliteLog) -> Result<()> {
    use rocketry::RunLog;

    for action in [Action::Success, Action::Fail, Action::Crash] {
        let query = Query::new().action(action);
        let newest = log.query(&query.clone().last(1))?.records.pop();
        let newest = newest.map_or_else(String::new, |record| {
            format!(", the last of {} at {}", record.task, record.created)
        });
        println!("{action}: {} times{newest}", log.count(&query)?);
    }
    Ok(())
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(Rocketry::new().check()?, []);
    Ok(())
}
