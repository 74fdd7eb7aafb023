//! A year of an app in milliseconds: `cargo run --example manual_time`. It ends by itself.
//!
//! The clock stands still until the test moves it, so schedules can be tested around the days on which the
//! wall clock changes.

use chrono::Offset as _;
use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Result, Timestamp, Zone};

/// Runs at half past three, a time of day that does not exist on one day of the year and occurs twice on
/// another.
#[task("daily between 03:30 and 04:00", allow(clock_change))]
async fn nightly() {}

#[task(cron("30 3 * * *"), allow(clock_change))]
async fn by_cron() {}

#[task("every 6 hours")]
async fn steady() {}

#[task(monthly.on("last day"))]
async fn accounts() {}

fn zone() -> Zone {
    "Europe/Helsinki"
        .parse()
        .expect("Helsinki is in the time zone database")
}

fn app() -> Rocketry {
    Rocketry::new().config(Config {
        zone: zone(),
        ..Config::default()
    })
}

fn main() -> Result<()> {
    let zone = zone();
    let mut app = TestApp::start(app(), "2025-12-31T22:00:00Z")?;
    app.run_until("2026-12-31T22:00:00Z");

    println!("Starts in 2026, Helsinki\n");
    for task in app.session().tasks() {
        let starts = app.starts(task.name());
        println!("{:<10}{:>6}  {}", task.name(), starts.len(), statement(&task));
    }
    for (title, day) in [
        ("The clock goes forward", "2026-03-29"),
        ("The clock goes back", "2026-10-25"),
    ] {
        println!("\n{title}: {day}");
        for task in app.session().tasks() {
            let of_day = app
                .starts(task.name())
                .into_iter()
                .filter(|at| shown(*at, zone).starts_with(day));
            let times: Vec<String> = of_day.map(|at| shown(at, zone)[11..].to_owned()).collect();
            println!("{:<10}{}", task.name(), times.join("  "));
        }
    }
    Ok(())
}

fn statement(task: &Task) -> String {
    task.start_condition()
        .map_or_else(String::new, |condition| condition.to_string())
}

/// Formats the wall clock time with its offset from UTC.
fn shown(at: Timestamp, zone: Zone) -> String {
    let local = at.in_zone(&zone);
    let hours = local.offset().fix().local_minus_utc() / 3600;
    format!("{}+{hours}", local.format("%Y-%m-%d %H:%M"))
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
