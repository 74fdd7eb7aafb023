//! What the schedule counts across a restart: crashed runs, retries and requested runs.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{OnCrash, Rocketry, Session, Task, TaskBuilder};

use crate::support::{Disk, app};

fn sleeping(start: &str) -> TaskBuilder {
    let run = |session: Session| async move { session.clock().sleep(Duration::from_secs(600)).await };
    Task::func("work", run).start(start.to_owned())
}

fn failing(start: &str) -> TaskBuilder {
    Task::func("work", || async { Err::<(), _>("it failed") }).start(start.to_owned())
}

fn started(app: &TestApp) -> Vec<String> {
    let starts = app.starts("work").into_iter();
    starts.map(|at| at.to_string()[8..16].replace('T', " ")).collect()
}

/// Lets the app crash while the task runs, and start again an hour later.
fn crash(build: impl Fn() -> Rocketry) -> TestApp {
    let mut first = TestApp::start(build(), "2026-01-01T08:00:00Z").unwrap();
    first.run_for(Duration::from_secs(3600));
    assert_eq!(started(&first).len(), 1);
    first.run_until("2026-01-02T08:00:30Z");
    drop(first);
    let mut second = TestApp::start(build(), "2026-01-02T09:00:00Z").unwrap();
    second.run_for(Duration::from_secs(3600));
    second
}

#[test]
fn a_crashed_run_is_made_again_whatever_its_condition_counts() {
    for start in [
        "daily after 08:00",
        "every 1 day",
        "one start per (time of day after 08:00)",
        "daily after 08:00 with 1 retry",
    ] {
        let disk = Disk::default();
        let second = crash(|| app(&disk).task(sleeping(start)));
        assert_eq!(started(&second), ["01 08:00", "02 08:00", "02 09:00"], "{start}");
        let disk = Disk::default();
        let second = crash(|| app(&disk).task(sleeping(start).on_crash(OnCrash::Count)));
        assert_eq!(started(&second), ["01 08:00", "02 08:00"], "{start}");
    }
}

#[test]
fn a_first_run_that_crashed_is_made_again() {
    let disk = Disk::default();
    let build = || app(&disk).task(sleeping("every 1 day"));
    let mut first = TestApp::start(build(), "2026-01-01T08:00:00Z").unwrap();
    first.settle();
    drop(first);
    let mut second = TestApp::start(build(), "2026-01-01T09:00:00Z").unwrap();
    second.run_for(Duration::from_secs(3600));
    assert_eq!(started(&second), ["01 08:00", "01 09:00"]);
}

#[test]
fn retries_that_are_used_up_stay_so_over_a_restart() {
    let disk = Disk::default();
    let build = || app(&disk).task(failing("daily after 07:00 | retry 1 time"));
    for (day, total) in [(1, 2), (2, 4), (3, 6)] {
        let mut life = TestApp::start(build(), &*format!("2026-01-0{day}T06:00:00Z")).unwrap();
        life.run_for(Duration::from_secs(2 * 3600));
        assert_eq!(started(&life).len(), total);
        life.close().unwrap();
        let mut again = TestApp::start(build(), &*format!("2026-01-0{day}T09:00:00Z")).unwrap();
        again.run_for(Duration::from_secs(3600));
        assert_eq!(started(&again).len(), total);
        again.close().unwrap();
    }
}

#[test]
fn a_run_over_midnight_counts_for_its_day_after_a_restart() {
    let disk = Disk::default();
    let build = || app(&disk).task(sleeping("daily"));
    let mut first = TestApp::start(build(), "2026-01-01T23:55:00Z").unwrap();
    first.run_for(Duration::from_secs(10));
    first.session().task("work").unwrap().disable();
    first.run_for(Duration::from_secs(3600));
    first.close().unwrap();
    let mut second = TestApp::start(build(), "2026-01-02T02:00:00Z").unwrap();
    second.session().task("work").unwrap().enable();
    second.run_for(Duration::from_secs(60));
    assert_eq!(started(&second), ["01 23:55", "02 02:00"]);
}

#[test]
fn a_requested_run_does_not_move_an_interval_after_a_restart() {
    let disk = Disk::default();
    let build = || app(&disk).task(sleeping("every 1 hour"));
    let mut first = TestApp::start(build(), "2026-01-01T06:00:00Z").unwrap();
    first.run_until("2026-01-01T06:30:00Z");
    first.session().task("work").unwrap().force_run();
    first.run_until("2026-01-01T06:50:00Z");
    first.close().unwrap();
    let mut second = TestApp::start(build(), "2026-01-01T06:55:00Z").unwrap();
    second.run_for(Duration::from_secs(1800));
    assert_eq!(started(&second), ["01 06:00", "01 06:30", "01 07:00"]);
}
