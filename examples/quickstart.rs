//! An app in real time: `cargo run --example quickstart`. It ends by itself after ten seconds, or on Ctrl-C.

use std::time::Duration;

use rocketry::prelude::*;
use rocketry::{Action, Result};

/// A session parameter, evaluated for every run that takes it.
#[param("greeting")]
fn greeting(#[arg(EnvArg("GREETING") >> SimpleArg("Hello"))] text: String) -> String {
    format!("{text}!")
}

/// A custom condition: `is_even_second` in expressions, "the second is even" in strings.
#[cond("the second is even")]
fn is_even_second(now: Now) -> bool {
    now.second().is_multiple_of(2)
}

#[task("every 2 seconds")]
async fn fetch(this: Task, now: Now) -> u32 {
    say(&this, &now, "fetches a number");
    now.second()
}

/// Follows `fetch` and takes its result. The compiler checks both the task and the type.
#[task(after_success(fetch))]
fn double(this: Task, now: Now, #[arg(Return(fetch))] number: u32, greeting: String) -> u32 {
    say(
        &this,
        &now,
        &format!("{greeting} {number} doubled is {}", 2 * number),
    );
    2 * number
}

#[task(cron_with_seconds("*/3 * * * * *"))]
fn threes(this: Task, now: Now) {
    say(&this, &now, "runs on seconds that three divides");
}

#[task(every("1 second") & is_even_second)]
async fn evens(this: Task, now: Now) {
    say(&this, &now, "runs on even seconds");
}

#[task("daily & after task 'double'")]
async fn once(this: Task, now: Now) {
    say(&this, &now, "runs once today, when there is a first result");
}

#[task("daily", timeout = "4 seconds")]
async fn endless(this: Task, now: Now, session: Session) {
    say(&this, &now, "would take an hour, but is given four seconds");
    session.clock().sleep(Duration::from_secs(3600)).await;
}

/// A task that controls other tasks.
#[task("daily & scheduler has run over 7 seconds")]
async fn guide(this: Task, now: Now, session: Session) -> Result<()> {
    say(&this, &now, "disables `evens` and runs `by_hand`");
    session.task("evens")?.disable();
    session
        .task("by_hand")?
        .run(Params::new().with("who", "the guide"));
    Ok(())
}

#[task]
fn by_hand(this: Task, now: Now, who: String) {
    say(
        &this,
        &now,
        &format!("has no statement, but was told to run by {who}"),
    );
}

#[task(scheduler_running().more_than("10 seconds"))]
async fn stop(this: Task, now: Now, session: Session) {
    say(&this, &now, "ends the app");
    session.shut_down();
}

/// Prints a summary of the run log.
#[task(on_shutdown = true)]
fn summary(session: Session) -> Result<()> {
    println!(
        "\n{:<10}{:>5}{:>10}{:>12}",
        "task", "runs", "successes", "terminated"
    );
    for task in session.tasks() {
        let log = session.log(&Query::new().task(task.name()))?;
        let count = |action: Action| log.iter().filter(|record| record.action == action).count();
        let [runs, successes, terminated] = [Action::Run, Action::Success, Action::Terminate].map(count);
        println!("{:<10}{runs:>5}{successes:>10}{terminated:>12}", task.name());
    }
    Ok(())
}

fn say(this: &Task, now: &Now, what: &str) {
    let statement = this
        .start_condition()
        .map_or_else(String::new, |condition| condition.to_string());
    println!(
        "{}  {:<9}{statement:<42}{what}",
        now.format("%H:%M:%S%.3f"),
        this.name()
    );
}

fn main() -> Result<()> {
    Rocketry::new().run()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(Rocketry::new().check()?, []);
    Ok(())
}
