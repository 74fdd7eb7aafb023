//! Sunrise as a custom condition: `cargo run --example sunrise`. It ends by itself.
//!
//! The statement language has no word for sunrise, but a function can compute the position of the sun. A
//! statement names the condition like any other; it is evaluated once a minute, and only while the rest of
//! the statement is true.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Result, Timestamp, Zone};

/// Helsinki, in degrees.
const LATITUDE: f64 = 60.17;
const LONGITUDE: f64 = 24.94;

/// The elevation of the sun's centre at which its upper edge is on the horizon, in degrees.
const HORIZON: f64 = -0.833;

#[cond("the sun is up")]
fn sun_is_up(now: Now) -> bool {
    height_of_sun(now.to_utc()) > HORIZON
}

#[task("daily & the sun is up")]
async fn open_the_shutters() {}

#[task(daily.after("12:00") & !sun_is_up)]
async fn close_the_shutters() {}

fn zone() -> Zone {
    "Europe/Helsinki"
        .parse()
        .expect("Helsinki is in the time zone database")
}

fn app() -> Rocketry {
    Rocketry::new().config(Config {
        zone: zone(),
        poll_interval: Duration::from_secs(60),
        ..Config::default()
    })
}

fn main() -> Result<()> {
    let zone = zone();
    println!("{:<12}{:>8}{:>8}", "day", "opened", "closed");
    for day in ["2026-01-20", "2026-03-29", "2026-06-21", "2026-10-25"] {
        let midnight: Timestamp = format!("{day}T00:00:00Z").parse().expect("a day");
        let mut app = TestApp::start(app(), midnight)?;
        app.run_for(Duration::from_secs(23 * 3600));
        let time = |task: &str| {
            let first = app.starts(task).first().copied();
            first.map_or_else(String::new, |at| at.in_zone(&zone).format("%H:%M").to_string())
        };
        let (opened, closed) = (time("open_the_shutters"), time("close_the_shutters"));
        println!("{day:<12}{opened:>8}{closed:>8}");
    }
    Ok(())
}

/// Returns the elevation of the sun in degrees, accurate to about half a degree.
fn height_of_sun(at: DateTime<Utc>) -> f64 {
    let day = f64::from(at.ordinal0()) + f64::from(at.num_seconds_from_midnight()) / 86_400.0;
    let year = (day / 365.25 * 360.0).to_radians();
    let declination = (-23.44_f64).to_radians() * (year + 10_f64.to_radians()).cos();
    // The difference between solar time and clock time, in minutes.
    let around = (360.0 / 365.25 * (day - 80.0)).to_radians();
    let difference = 9.87 * (2.0 * around).sin() - 7.53 * around.cos() - 1.5 * around.sin();
    let hours = f64::from(at.num_seconds_from_midnight()) / 3600.0 + LONGITUDE / 15.0 + difference / 60.0;
    let angle = ((hours - 12.0) * 15.0).to_radians();
    let latitude = LATITUDE.to_radians();
    let height = latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * angle.cos();
    height.asin().to_degrees()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
