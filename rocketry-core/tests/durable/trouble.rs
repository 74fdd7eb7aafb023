//! A log that can't be written: new runs wait, nothing is lost, and everything resumes by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, OnError, Part, Query, Rocketry, Session, Task, Zone};

use crate::support::{Disk, app, start};

/// Counts its runs, and sleeps for some seconds in each.
fn working(app: Rocketry, seconds: u64) -> (Rocketry, Arc<AtomicUsize>) {
    let begun = Arc::<AtomicUsize>::default();
    let count = begun.clone();
    let work = move |session: Session| {
        count.fetch_add(1, Ordering::Relaxed);
        async move { session.clock().sleep(Duration::from_secs(seconds)).await }
    };
    (app.func("work", "every 10 seconds", work), begun)
}

fn total(app: &TestApp, task: &str, action: Action) -> u64 {
    app.session().task(task).unwrap().total(action)
}

#[test]
fn no_run_starts_while_the_log_cant_be_written() {
    let disk = Disk::default();
    let (app, begun) = working(app(&disk), 1);
    let mut app = start(app.func("other", "every 10 seconds", || {}));
    app.run_for(Duration::from_secs(15));
    assert_eq!(begun.load(Ordering::Relaxed), 2);
    disk.fill(true);
    app.run_for(Duration::from_secs(60));
    assert_eq!(begun.load(Ordering::Relaxed), 2, "recorded first, begun then");
    // What was decided before the trouble was seen counts as started; nothing else does.
    assert_eq!(total(&app, "work", Action::Run), 3);
    assert_eq!(app.starts("work").len(), 2);
    let work = app.session().task("work").unwrap();
    assert!(work.waits_for().is_some(), "its start is not recorded");
    disk.fill(false);
    app.run_for(Duration::from_secs(60));
    assert_eq!(work.waits_for(), None);
    assert!(begun.load(Ordering::Relaxed) >= 6);
    app.close().unwrap();
}

#[test]
fn it_can_be_seen_what_a_run_waits_for() {
    let disk = Disk::default();
    let (app, _) = working(app(&disk), 1);
    let mut app = start(app.func("later", "daily after 00:01", || {}));
    disk.fill(true);
    app.run_for(Duration::from_secs(90));
    let later = app.session().task("later").unwrap();
    let reason = later.waits_for().expect("it waits");
    assert!(
        reason.starts_with("the run log, not writable since 2026-01-01T00:00:01")
            && reason.ends_with(": the disk is full"),
        "{reason}"
    );
    let failure = app.session().failures().remove(0);
    assert_eq!((failure.part, &*failure.message), (Part::Log, "the disk is full"));
    assert!(failure.times > 10, "it is tried again: {}", failure.times);
    assert!(failure.times < 40, "less and less often: {}", failure.times);
    disk.fill(false);
    app.run_for(Duration::from_secs(10));
    assert_eq!(later.waits_for(), None);
    let run = app.records(&Query::new().task("later").last(1)).remove(0);
    assert_eq!(
        run.due.to_string(),
        "2026-01-01T00:01:00.000000Z",
        "since when it was due"
    );
    app.close().unwrap();
}

#[test]
fn ends_are_kept_until_the_log_is_back() {
    let disk = Disk::default();
    let (app, _) = working(app(&disk), 30);
    let mut app = start(app);
    app.run_for(Duration::from_secs(5));
    disk.fill(true);
    app.run_for(Duration::from_secs(300));
    assert_eq!(total(&app, "work", Action::Success), 1);
    assert!(app.records(&Query::new().action(Action::Success)).is_empty());
    disk.fill(false);
    app.run_for(Duration::from_secs(10));
    let end = app.records(&Query::new().action(Action::Success)).remove(0);
    assert_eq!(
        end.created.to_string(),
        "2026-01-01T00:00:30.000000Z",
        "when it happened"
    );
    let numbers = disk.numbers();
    assert!(
        numbers.is_sorted(),
        "a write that is tried again has its old number"
    );
    app.close().unwrap();
}

#[test]
fn a_run_that_waited_for_the_log_has_all_of_its_time() {
    let disk = Disk::default();
    disk.fill(true);
    let sleeps = |session: Session| async move {
        session.clock().sleep(Duration::from_secs(5)).await;
    };
    let task = Task::func("work", sleeps).timeout("10 seconds").start("daily");
    let mut app = start(app(&disk).task(task));
    app.run_for(Duration::from_secs(60));
    disk.fill(false);
    app.run_for(Duration::from_secs(20));
    assert_eq!(total(&app, "work", Action::Success), 1);
}

#[test]
fn what_cant_be_written_in_the_end_is_an_error() {
    let disk = Disk::default();
    let (app, begun) = working(app(&disk), 30);
    let mut app = start(app);
    app.run_for(Duration::from_secs(5));
    disk.fill(true);
    app.run_for(Duration::from_secs(20));
    let error = app.close().unwrap_err();
    assert!(error.is_log());
    assert_eq!(
        error.to_string(),
        "the run log could not be written: 0 starts and 1 ends of runs and 0 changes of the app are not recorded: \
         the disk is full"
    );
    assert_eq!(begun.load(Ordering::Relaxed), 1);
}

#[test]
fn a_run_that_has_not_begun_at_the_end_never_does() {
    let disk = Disk::default();
    disk.fill(true);
    let (app, begun) = working(app(&disk), 1);
    let app = start(app);
    assert_eq!(total(&app, "work", Action::Run), 1);
    let session = app.session().clone();
    let error = app.close().unwrap_err();
    assert!(error.to_string().contains("1 starts and 1 ends"), "{error}");
    assert_eq!(session.task("work").unwrap().total(Action::Terminate), 1);
    assert_eq!(begun.load(Ordering::Relaxed), 0);
}

#[test]
fn what_is_left_is_written_at_the_end() {
    let disk = Disk::default();
    let (app, _) = working(app(&disk), 5);
    let mut app = start(app);
    app.run_for(Duration::from_secs(12));
    disk.fill(true);
    app.run_for(Duration::from_secs(4));
    disk.fill(false);
    app.close().unwrap();
    let disk = rocketry_core::log::RunLog::load(&disk).unwrap();
    assert!(disk.tasks["work"].open.is_empty());
}

#[test]
fn the_log_may_halt_the_app() {
    let disk = Disk::default();
    let config = Config {
        zone: Zone::UTC,
        on_log_error: OnError::Halt,
        ..Config::default()
    };
    let (app, _) = working(app(&disk).config(config), 1);
    let mut app = start(app);
    app.run_for(Duration::from_secs(5));
    disk.fill(true);
    app.run_for(Duration::from_secs(60));
    let error = app.close().unwrap_err();
    assert!(error.is_halted());
    assert!(
        error
            .to_string()
            .starts_with("halted by the failure of the run log: the disk is full\nthe run log could not"),
        "{error}"
    );
}

#[test]
fn a_start_up_task_waits_for_the_log() {
    let disk = Disk::default();
    disk.fill(true);
    let ready = disk.clone();
    // Whoever opens the tap is no task.
    let tap = std::thread::spawn(move || {
        while ready.tries() < 3 {
            std::thread::yield_now();
        }
        ready.fill(false);
    });
    let app = start(app(&disk).task(Task::func("first", || {}).on_startup(true)));
    tap.join().unwrap();
    assert_eq!(total(&app, "first", Action::Success), 1);
    assert!(disk.tries() >= 4);
}
