//! An app that changes itself while it runs, and restarts once: `cargo run --example steering`. It ends by
//! itself after a few seconds.

use std::time::Duration;

use rocketry::prelude::*;
use rocketry::{Action, OnExists, Result};

#[task("every 1 second")]
async fn fetch(session: Session, #[arg(Arg("day", default = "today".to_owned()))] day: String) -> String {
    session.clock().sleep(Duration::from_millis(100)).await;
    day
}

#[task]
fn report(#[arg(Return(fetch, default = "nothing".to_owned()))] fetched: String) {
    println!("  the report is about {fetched}");
}

/// A task that controls the other tasks.
#[task("~has started", timeout = "1 minute")]
async fn guide(session: Session) -> Result<()> {
    println!(
        "{} tasks, one of which is due next at {:?}",
        session.tasks().len(),
        { session.task(fetch)?.next_due().map(|at| at.to_string()) }
    );

    // Run a task now, with parameters for this run alone, and wait for its end.
    let ended = session
        .task(fetch)?
        .run(Params::new().with("day", "yesterday"))
        .await?;
    println!(
        "run {} of `{}`: {} after {:?}",
        ended.run_id,
        ended.task,
        ended.action,
        ended.runtime()
    );

    // Run several tasks once, regardless of their conditions.
    session.run((report, "fetch"))?.await?;

    // Change a task, and change it back.
    let task = session.task(fetch)?;
    task.disable();
    task.set_start("every 300 ms")?;
    task.set_priority(5);
    task.set_param("day", "every day".to_owned());
    task.enable();
    task.next_end().await?;
    session.task(report)?.force_run().await?;

    // Add a task, replace it, end its run, delete it.
    let watch = |name| {
        Task::func(name, |session: Session| async move {
            session.clock().sleep(Duration::from_secs(3600)).await;
        })
    };
    session.add(watch("watch").start("~has started"))?;
    let watch = session.add_as(watch("watch").start("every 1 hour"), OnExists::Replace)?;
    watch.wait_for(Status::Running).await?;
    watch.terminate();
    let status = watch.wait_until(|status| status != Status::Running).await?;
    println!("`watch` is there no longer; its last run was: {status}");
    watch.delete();

    // Restart, with the state unchanged.
    session.set_param("restarted", true);
    session.restart()
}

#[task("every 200 ms & param 'restarted' exists")]
fn end(session: Session) -> Result<()> {
    let fetch = session.task(fetch)?;
    println!(
        "after the restart: {} runs of `fetch`, started {:?}",
        fetch.total(Action::Run),
        { fetch.start_condition().map(|start| start.to_string()) }
    );
    for record in fetch.log(Query::new().action(Action::Success).last(2))? {
        println!("  {} by run {}", record.action, record.run_id);
    }
    session.shut_down();
    Ok(())
}

fn main() -> Result<()> {
    Rocketry::new().run()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(Rocketry::new().check()?, []);
    Ok(())
}
