//! A shop whose jobs can be watched and steered in a browser:
//! `cargo run --example dashboard --features dashboard,sqlite`, then open <http://127.0.0.1:8710>.
//!
//! Some of its jobs fail occasionally, wait for a pool or take long, so that there is something to see.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rocketry::prelude::*;
use rocketry::{Execution, Overlap};

/// Reads the new orders.
#[task("every 10 seconds")]
async fn fetch_orders(run: RunId) -> usize {
    tokio::time::sleep(Duration::from_millis(400)).await;
    run.to_string().len() * 7 % 40
}

/// Charges the customers.
#[task(after_success(fetch_orders), pool = "bank")]
async fn charge(#[arg(Return(fetch_orders))] orders: usize) -> Result<usize, String> {
    tokio::time::sleep(Duration::from_millis(1500)).await;
    if chance(6) {
        return Err(format!("the bank did not answer for order {orders}"));
    }
    Ok(orders)
}

/// Sends receipts through a service that needs a token.
#[task(after_success(charge))]
async fn send_receipts(
    #[arg(Return(charge))] orders: usize,
    #[arg(Arg("api token"))] token: String,
) -> Result<usize, String> {
    if token.is_empty() {
        return Err("the service takes no receipts without a token".into());
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    Ok(orders)
}

/// Books the orders of the day.
#[task(after_success(send_receipts), execution = "process")]
fn book(#[arg(Return(send_receipts))] orders: usize) -> usize {
    println!("{orders} orders are booked");
    orders * 3
}

/// Queries a supplier that is often unavailable, and retries.
#[task(every("30 seconds") | retry(2).backoff("3 seconds"))]
async fn ask_supplier() -> Result<(), String> {
    if chance(2) {
        Err("the supplier's server is away: connection refused".into())
    } else {
        Ok(())
    }
}

/// Takes too long, and is terminated by its timeout.
#[task("every 1 minute", timeout = "8 seconds")]
async fn rebuild_search() {
    tokio::time::sleep(Duration::from_secs(if chance(3) { 20 } else { 5 })).await;
}

/// Has nothing to do most of the time.
#[task("every 20 seconds")]
async fn empty_outbox() -> Result<(), Inaction> {
    if chance(4) {
        Ok(())
    } else {
        Err(Inaction::because("the outbox is empty"))
    }
}

/// Runs at a quiet time of the night.
#[task(daily.after("02:00") & weekly.between("Mon", "Fri"))]
fn compact_database() {}

/// Pays the wages.
#[task(monthly.on("last weekday 17:00"))]
fn pay_wages() {}

/// Returns true with a chance of one in `of`, with the same results each time the app runs.
fn chance(of: u32) -> bool {
    static STEP: AtomicU32 = AtomicU32::new(1);
    let step = STEP.fetch_add(1, Ordering::Relaxed);
    step.wrapping_mul(2_654_435_761).rotate_left(9).is_multiple_of(of)
}

/// One task per branch. They share a pool of size two.
fn branches(app: Rocketry) -> Rocketry {
    let cities = [
        "Bergen", "Porto", "Gdańsk", "Graz", "Lyon", "Turku", "Cork", "Bari", "Gent", "Brno", "Split",
        "Kaunas",
    ];
    cities.into_iter().enumerate().fold(app, |app, (index, city)| {
        let work =
            move || async move { tokio::time::sleep(Duration::from_millis(900 + 300 * index as u64)).await };
        let task = Task::func(format!("stock/{city}"), work)
            .start("every 15 seconds")
            .pool("branches")
            .description(format!("Counts the stock in {city}."));
        app.task(task)
    })
}

/// Nightly and weekly tasks: a group of tasks that follow each other, and reports.
fn nights_and_weeks(app: Rocketry) -> Rocketry {
    let night = |name: &'static str, start: &'static str| {
        Task::func(name, || tokio::time::sleep(Duration::from_secs(2)))
            .start(start)
            .group("night")
    };
    app.group(Group::new("night"))
        .task(night("night/export", "daily at 01:15"))
        .task(night("night/load", "after task 'night/export'"))
        .task(night(
            "night/totals",
            "after task 'night/load' & ~task 'rebuild_search' is running",
        ))
        .task(night("night/call for help", "after task 'night/load' failed"))
        .task(Task::func("stock report", || async {}).start("daily at 06:00, 12:00, 18:00 on weekdays"))
        .task(Task::func("weekly figures", || async {}).start("weekly on Mon 07:30"))
        .task(Task::func("sunday backup", || async {}).start("cron 30 3 * * Sun"))
}

/// Programs, whose output is shown on the page of a run.
fn programs(app: Rocketry) -> Rocketry {
    let app = app.task(Task::command("disk space", ["df", "-h", "."]).start("every 1 minute"));
    let app = app.task(
        Task::command("uptime", "uptime; echo done >&2")
            .shell(true)
            .start("every 30 seconds"),
    );
    let broken = "echo copying; echo 'no space left on /backup' >&2; exit 3";
    app.task(
        Task::command("backup", broken)
            .shell(true)
            .start("every 45 seconds"),
    )
}

fn app() -> Rocketry {
    let app = Rocketry::new()
        .version(env!("CARGO_PKG_VERSION"))
        .pool("bank", 1)
        .pool("branches", 2)
        .param("currency", "EUR")
        .param("api token", "not shown")
        .config(Config {
            secrets: vec!["api token".into()],
            ..Config::default()
        })
        .task(
            Task::func(
                "refund",
                func!(|order: String, currency: String| format!("{order} in {currency}")),
            )
            .parameter("order", "A-1001")
            .execution(Execution::Thread)
            .overlap(Overlap::Queue)
            .description("Gives the money for an order back. Runs on request only."),
        )
        .task(
            Task::func("old import", || async {})
                .start("hourly")
                .disabled(true)
                .description("Replaced by `fetch_orders`."),
        );
    nights_and_weeks(programs(branches(app)))
}

fn main() -> rocketry::Result<()> {
    let file = std::env::temp_dir().join("rocketry-dashboard.db");
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:8710".to_owned());
    println!("the dashboard is at http://{address}");
    app()
        .log(format!("sqlite:{}", file.display()))
        .dashboard(address)
        .run()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> rocketry::Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
