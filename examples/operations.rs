//! The back office of a small shop: a pipeline, a task that fails occasionally, pools, a command, parameters,
//! and a durable run log.
//!
//! ```console
//! cargo run --example operations --features cli,sqlite               # runs until Ctrl-C
//! cargo run --example operations --features cli,sqlite -- tasks      # in another terminal
//! cargo run --example operations --features cli,sqlite -- run-task import -p day=2026-01-01 --wait
//! cargo run --example operations --features cli,sqlite -- log action:fail since:1h
//! cargo run --example operations --features cli,sqlite -- --help
//! ```

use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rocketry::param::FirstOf;
use rocketry::prelude::*;

/// The region whose orders are fetched: `--region us` on the command line, `eu` by default.
fn region() -> FirstOf {
    CliArg("--region").or("eu".to_owned())
}

#[task("every 10 seconds", pool = "database", description = "Fetches new orders.")]
async fn fetch(region: String) -> u32 {
    tracing::info!(region, "looking for orders");
    tokio::time::sleep(Duration::from_millis(300)).await;
    3
}

#[task(
    after_success(fetch),
    pool = "database",
    description = "Stores the orders of a day."
)]
async fn import(#[arg(Return(fetch))] orders: Option<u32>, day: String) -> String {
    tokio::time::sleep(Duration::from_millis(500)).await;
    format!("{} orders of {day}", orders.unwrap_or_default())
}

#[task(daily.after("07:00") & after_success(import), description = "Writes the report of the day.")]
fn report(#[arg(Return(import))] imported: String) -> String {
    format!("report: {imported}")
}

#[task(after_success(report) & time_of_day.between("07:00", "19:00"), description = "Mails the report.")]
async fn mail() -> Result<(), Inaction> {
    Err(Inaction::because("no one has subscribed"))
}

/// The service fails for two out of three calls.
#[task(
    "every 20 seconds",
    timeout = "5 seconds",
    description = "Updates the exchange rates."
)]
async fn rates() -> Result<f64, String> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    if CALLS.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
        return Ok(1.08);
    }
    Err("the service for exchange rates does not answer".to_owned())
}

#[task((failed(rates).today() >= 3) & every("1 hour"), description = "Tells a person that something is wrong.")]
fn alert() {
    tracing::warn!("the exchange rates are out of date");
}

#[task(
    "every 1 minute",
    max_running = 1,
    description = "Takes long, and can be terminated."
)]
async fn archive(flag: TerminationFlag) {
    for _ in 0..40 {
        if flag.is_set() {
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[task(
    "weekly on Sunday 03:30",
    timezone = "America/New_York",
    description = "Deletes old carts."
)]
fn clean_up() {}

fn app() -> Rocketry {
    let disk = Task::command("disk", "df -h / | tail -n 1").shell(true);
    Rocketry::new()
        .version(env!("CARGO_PKG_VERSION"))
        .pool("database", 1)
        .argument("region", region())
        .param("day", "today".to_owned())
        .task(disk.start("hourly").description("Notes the room on the disk."))
}

fn main() -> ExitCode {
    let log = std::env::temp_dir().join("rocketry-operations.db");
    app().log(format!("sqlite:{}", log.display())).cli()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> rocketry::Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
