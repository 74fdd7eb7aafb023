//! A task that crashes its app pauses before it starts again, longer with each crash in a row.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Hold, Part, Rocketry, Session, Task, TaskBuilder, Timestamp};

use crate::support::{Disk, app};

const SECOND: i64 = 1_000_000;

/// A task during whose runs its app is cut off, as long as nothing ends them before.
fn killer() -> TaskBuilder {
    let run = |session: Session| async move { session.clock().sleep(Duration::from_secs(1800)).await };
    Task::func("killer", run)
        .start("every 1 second")
        .timeout("1 hour")
}

/// An instant so many seconds after the beginning of a life of the app; each begins an hour after the one before.
fn at(life: i64, seconds: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    Timestamp::from_micros(first.as_micros() + (life * 3600 + seconds) * SECOND)
}

/// Starts a life of an app and lets it go on until the killer runs; gives how many seconds that took.
fn live(build: impl Fn() -> Rocketry, life: i64) -> (TestApp, i64) {
    let mut app = TestApp::start(build(), at(life, 0)).unwrap();
    let killer = app.session().task("killer").unwrap();
    for _ in 0..1000 {
        if killer.is_running() {
            break;
        }
        app.run_for(Duration::from_secs(1));
    }
    let started = app.starts("killer").pop().expect("it starts in the end");
    (app, (started.as_micros() - at(life, 0).as_micros()) / SECOND)
}

#[test]
fn pauses_grow_with_the_crashes_in_a_row() {
    let disk = Disk::default();
    let build = || {
        app(&disk)
            .task(killer())
            .func("well", "every 1 second", || async {})
    };
    let pauses: Vec<i64> = (0..12).map(|life| live(build, life).1).collect();
    assert_eq!(pauses, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
}

#[test]
fn the_pause_is_reported_and_concerns_that_task_alone() {
    let disk = Disk::default();
    let build = || {
        app(&disk)
            .task(killer())
            .func("well", "every 1 second", || async {})
    };
    for life in 0..4 {
        drop(live(build, life));
    }
    let mut fifth = TestApp::start(build(), at(4, 0)).unwrap();
    let until = at(4, 4);
    let killer = fifth.session().task("killer").unwrap();
    assert_eq!(killer.holds(), [Hold::Crashes { crashes: 4, until }]);
    assert_eq!(
        killer.waits_for().unwrap(),
        format!("the end of its pause at {until}, because the app has crashed 4 times in a row while it ran")
    );
    assert_eq!(killer.next_due(), Some(until));
    let failures = fifth.session().failures();
    assert_eq!(failures.len(), 1);
    assert_eq!(
        (failures[0].part, failures[0].task.as_deref()),
        (Part::Crash, Some("killer"))
    );
    assert!(failures[0].message.contains("4 times in a row"), "{failures:?}");
    fifth.run_for(Duration::from_secs(3));
    assert_eq!(
        fifth.session().task("well").unwrap().total(Action::Run),
        1 + 1 + 2 + 3 + 4
    );
    assert!(!killer.is_running());
    fifth.run_for(Duration::from_secs(1));
    assert!(killer.is_running());
}

#[test]
fn an_end_of_whatever_kind_begins_a_new_row() {
    let disk = Disk::default();
    let build = || app(&disk).task(killer());
    for life in 0..4 {
        drop(live(build, life));
    }
    let (fifth, pause) = live(build, 4);
    assert_eq!(pause, 4);
    fifth.session().task("killer").unwrap().terminate();
    fifth.close().unwrap();
    let facts = rocketry_core::log::RunLog::load(&disk).unwrap().facts;
    assert!(facts.keys().all(|key| key.starts_with("app/")), "{facts:?}");
    assert_eq!(live(build, 5).1, 0);
    assert_eq!(live(build, 6).1, 0);
    assert_eq!(live(build, 7).1, 1);
}

#[test]
fn runs_that_were_requested_pause_as_well() {
    let disk = Disk::default();
    let run = |session: Session| async move { session.clock().sleep(Duration::from_secs(1800)).await };
    let build = || app(&disk).task(Task::func("killer", run));
    let first = TestApp::start(build(), at(0, 0)).unwrap();
    for _ in 0..10 {
        first.session().task("killer").unwrap().force_run();
    }
    let mut first = first;
    first.settle();
    drop(first);
    let pauses: Vec<i64> = (1..6).map(|life| live(build, life).1).collect();
    assert_eq!(pauses, [0, 1, 2, 4, 8]);
}

#[test]
fn the_start_up_waits_for_its_own_tasks() {
    let disk = Disk::default();
    let run = |session: Session| async move {
        // On the clock of a test the start-up would wait for it.
        if session.task("killer").unwrap().total(Action::Run) < 100 {
            session.clock().sleep(Duration::from_secs(1)).await;
        }
    };
    let build = || {
        app(&disk)
            .task(Task::func("killer", run).on_startup(true))
            .func("well", "every 1 second", || async {})
    };
    // Four crashes as the log knows them.
    drop(live(|| app(&disk).task(killer()), 0));
    for life in 1..4 {
        drop(live(|| app(&disk).task(killer()), life));
    }
    let fifth = TestApp::start(build(), at(4, 0)).unwrap();
    let started = fifth.starts("killer").pop().unwrap();
    assert_eq!(started, at(4, 4));
    assert!(fifth.starts("well")[0] > started);
}
