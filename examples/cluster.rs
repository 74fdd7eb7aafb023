//! A node of a cluster. Start it on several machines, or several times on this machine, with the address of
//! an app on NATS or of a PostgreSQL database, and the name of a file. One of the nodes leads, and all of
//! them execute runs. If a node is killed, the others continue: `scripts/cluster-demo` kills nodes and counts
//! the runs.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::Duration;

use rocketry::Result;
use rocketry::prelude::*;

/// The journal of all runs, as evidence that no run was lost or repeated.
static JOURNAL: OnceLock<File> = OnceLock::new();

#[task("every 200 milliseconds")]
fn often(due: Due, run: RunId) -> std::io::Result<()> {
    tell("often", due, &run)
}

#[task("cron with seconds * * * * * *")]
fn each_second(due: Due, run: RunId) -> std::io::Result<()> {
    tell("each_second", due, &run)
}

/// One of these runs is usually in progress, so that a killed node has runs to lose.
#[task("every 1 second")]
async fn long(due: Due, run: RunId) -> std::io::Result<()> {
    tell("long", due, &run)?;
    tokio::time::sleep(Duration::from_millis(800)).await;
    Ok(())
}

/// The first run of each leader.
#[task(on_startup = true)]
fn lead(due: Due, run: RunId) -> std::io::Result<()> {
    tell("lead", due, &run)
}

/// Writes a line that survives any crash.
fn tell(task: &str, due: Due, run: &RunId) -> std::io::Result<()> {
    let mut journal = JOURNAL.get().expect("it is opened first");
    journal.write_all(format!("{task} {} {run}\n", due.0.as_micros()).as_bytes())?;
    journal.sync_data()
}

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let (Some(address), Some(file)) = (words.next(), words.next()) else {
        eprintln!("Usage: cluster ADDRESS FILE");
        std::process::exit(2);
    };
    let file = OpenOptions::new().append(true).create(true).open(file);
    JOURNAL.get_or_init(|| file.expect("the file can be written"));
    app().cluster(address).run()
}

fn app() -> Rocketry {
    // Skipped starts are recorded here, so that every second is accounted for.
    Rocketry::new().config(Config {
        log_skips: true,
        ..Config::default()
    })
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
