//! A run begins when its start is kept, and counts as ended for others when its end is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::log::RunLog;
use rocketry_core::{Action, Ended, Execution, Moment, Params, Query, RunId, Task};

use crate::support::{Disk, app, start};

/// How many records of an action a run has in the log.
fn count(disk: &Disk, run: &RunId, action: Action) -> usize {
    let query = Query::new().run_id(run.clone()).action(action);
    disk.query(&query).unwrap().records.len()
}

#[test]
fn a_run_begins_when_its_start_is_kept() {
    let seen = Arc::new(AtomicUsize::new(0));
    let looks = |execution| {
        let (disk, seen) = (Disk::default(), seen.clone());
        let look = {
            let disk = disk.clone();
            move |run: RunId| {
                assert_eq!(count(&disk, &run, Action::Run), 1);
                seen.fetch_add(1, Ordering::Relaxed);
            }
        };
        let task = Task::func("look", look)
            .execution(execution)
            .start("every 10 seconds");
        let mut app = start(app(&disk).task(task));
        app.run_for(Duration::from_secs(60));
        assert_eq!(app.session().task("look").unwrap().total(Action::Success), 7);
        assert_eq!(app.records(&Query::new().action(Action::Success)).len(), 7);
    };
    looks(Execution::Thread);
    looks(Execution::Main);
    assert_eq!(seen.load(Ordering::Relaxed), 14);
}

#[test]
fn an_async_run_begins_when_its_start_is_kept() {
    let disk = Disk::default();
    let look = {
        let disk = disk.clone();
        move |run: RunId| {
            let count = count(&disk, &run, Action::Run);
            async move { assert_eq!(count, 1) }
        }
    };
    let mut app = start(app(&disk).func("look", "every 10 seconds", look));
    app.run_for(Duration::from_secs(60));
    assert_eq!(app.session().task("look").unwrap().total(Action::Success), 7);
}

#[test]
fn a_waiter_gets_the_end_of_a_run_once_it_is_kept() {
    let disk = Disk::default();
    let waits = {
        let disk = disk.clone();
        move |session: rocketry_core::Session| {
            let disk = disk.clone();
            async move {
                let ended = session.task("work").unwrap().run(Params::new()).await.unwrap();
                assert_eq!(count(&disk, &ended.run_id, Action::Success), 1);
            }
        }
    };
    let app = start(
        app(&disk)
            .func("waits", "daily", waits)
            .task(Task::func("work", || {})),
    );
    assert_eq!(app.session().task("waits").unwrap().total(Action::Success), 1);
}

#[test]
fn hooks_after_a_run_are_called_when_its_end_is_kept() {
    let (disk, called) = (Disk::default(), Arc::new(AtomicUsize::new(0)));
    let hook = {
        let (disk, called) = (disk.clone(), called.clone());
        move |ended: Ended| {
            assert_eq!(count(&disk, &ended.run_id, Action::Success), 1);
            called.fetch_add(1, Ordering::Relaxed);
        }
    };
    let app = app(&disk).func("work", "every 10 seconds", || {});
    let mut app = start(app.after(Moment::TaskExecute, hook));
    app.run_for(Duration::from_secs(60));
    assert!(app.session().failures().is_empty());
    app.close().unwrap();
    assert_eq!(called.load(Ordering::Relaxed), 7);
}

#[test]
fn what_comes_together_is_written_together() {
    let disk = Disk::default();
    let tasks = (0..100).map(|number| Task::func(format!("task {number}"), || {}).start("daily"));
    let app = start(tasks.fold(app(&disk), rocketry_core::Rocketry::task));
    assert_eq!(app.records(&Query::new()).len(), 200);
    assert!(disk.tries() <= 101, "all starts in one write, ends as they come");
    let numbers = disk.numbers();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}

#[test]
fn a_timeout_begins_with_the_function() {
    let disk = Disk::default();
    let sleeps = |session: rocketry_core::Session| async move {
        session.clock().sleep(Duration::from_secs(60)).await;
    };
    let long = Task::func("long", sleeps).timeout("10 seconds").start("daily");
    let mut app = start(app(&disk).task(long));
    app.run_for(Duration::from_secs(100));
    let end = app.records(&Query::new().action(Action::Terminate)).remove(0);
    assert_eq!(end.runtime(), Some(Duration::from_secs(10)));
    assert_eq!(end.message.as_deref(), Some("it took longer than its timeout"));
}
