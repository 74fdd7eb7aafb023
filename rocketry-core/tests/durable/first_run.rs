//! A task whose first run waits does not wait anew when its app restarts.

use std::time::Duration;

use rocketry_core::log::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, FirstRun, Hold, Rocketry, Task, Timestamp, Zone};

use crate::support::{Disk, START, app};

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    Timestamp::from_micros(start.as_micros() + minutes * 60 * 1_000_000)
}

fn waiting(disk: &Disk) -> Rocketry {
    let hourly = Task::func("hourly", || async {}).start("every 1 hour");
    app(disk).task(hourly.first_run(FirstRun::Wait))
}

/// The fact when the task was first seen, in minutes after the start.
fn first_seen(disk: &Disk) -> Option<i64> {
    let facts = disk.load().unwrap().facts;
    let micros: i64 = facts.get("first_seen/hourly")?.parse().unwrap();
    Some((micros - at(0).as_micros()) / 60_000_000)
}

/// A life of an app from one minute to another.
fn live(app: Rocketry, (from, to): (i64, i64)) -> TestApp {
    let mut app = TestApp::start(app, at(from)).unwrap();
    app.run_until(at(to));
    app
}

#[test]
fn an_app_that_restarts_more_often_than_the_interval_still_runs_the_task() {
    let disk = Disk::default();
    for life in 0..6 {
        let app = live(waiting(&disk), (life * 20, life * 20 + 19));
        let task = app.session().task("hourly").unwrap();
        let starts = app.starts("hourly");
        if life < 3 {
            assert_eq!(task.holds(), [Hold::FirstRun { since: at(0) }]);
            assert_eq!(starts, []);
        } else {
            assert_eq!(starts, [at(60)]);
        }
        app.close().unwrap();
        assert_eq!(first_seen(&disk), (life < 3).then_some(0));
    }
}

#[test]
fn an_app_that_is_killed_remembers_as_well() {
    let disk = Disk::default();
    drop(live(waiting(&disk), (0, 19)));
    drop(live(waiting(&disk), (20, 39)));
    assert_eq!(live(waiting(&disk), (40, 80)).starts("hourly"), [at(60)]);
}

#[test]
fn a_period_counts_from_the_first_sight() {
    let disk = Disk::default();
    let build = || {
        let daily = Task::func("hourly", || async {}).start("daily");
        app(&disk).task(daily.first_run(FirstRun::Wait))
    };
    live(build(), (600, 700)).close().unwrap();
    // The next day has begun while the app was down.
    let app = live(build(), (1500, 1501));
    assert_eq!(app.starts("hourly"), [at(1500)]);
}

#[test]
fn a_task_that_is_added_to_a_running_app_waits_from_then_on() {
    let disk = Disk::default();
    let add = |app: &TestApp| {
        let hourly = Task::func("hourly", || async {}).start("every 1 hour");
        app.session().add(hourly.first_run(FirstRun::Wait)).unwrap()
    };
    let mut first = TestApp::start(app(&disk), at(0)).unwrap();
    first.run_until(at(30));
    add(&first);
    first.close().unwrap();
    assert_eq!(first_seen(&disk), Some(30));
    let mut second = TestApp::start(app(&disk), at(50)).unwrap();
    add(&second);
    second.run_until(at(100));
    assert_eq!(second.starts("hourly"), [at(90)]);
    second.close().unwrap();
    assert_eq!(first_seen(&disk), None);
}

#[test]
fn a_deleted_task_is_forgotten() {
    let disk = Disk::default();
    let app = live(waiting(&disk), (0, 10));
    app.session().task("hourly").unwrap().delete();
    app.close().unwrap();
    assert_eq!(first_seen(&disk), None);
    assert_eq!(live(waiting(&disk), (50, 130)).starts("hourly"), [at(110)]);
}

#[test]
fn a_task_that_no_longer_waits_is_forgotten() {
    let disk = Disk::default();
    live(waiting(&disk), (0, 10)).close().unwrap();
    let eager = Task::func("hourly", || async {})
        .start("every 1 hour")
        .disabled(true);
    live(app(&disk).task(eager), (20, 30)).close().unwrap();
    assert_eq!(first_seen(&disk), None);
}

#[test]
fn a_clock_that_was_wrong_delays_the_first_run_by_no_more_than_the_interval() {
    let disk = Disk::default();
    live(waiting(&disk), (1000, 1010)).close().unwrap();
    assert_eq!(live(waiting(&disk), (0, 70)).starts("hourly"), [at(60)]);
}

#[test]
fn a_restart_within_the_process_keeps_it_without_a_durable_log() {
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let hourly = Task::func("hourly", || async {}).start("every 1 hour");
    let app = Rocketry::builder()
        .config(config)
        .task(hourly.first_run(FirstRun::Wait));
    let mut app = TestApp::start(app, at(0)).unwrap();
    for _ in 0..3 {
        app.run_for(Duration::from_secs(20 * 60));
        app.session().restart().unwrap();
    }
    app.settle();
    assert_eq!(app.starts("hourly"), [at(60)]);
}
