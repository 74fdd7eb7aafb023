//! For which period a run counts, and which failures a retry counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Session, Task, TaskBuilder};

use crate::support::{app, times};

/// A task whose runs take the given number of minutes.
fn taking(minutes: u64, start: &str) -> TaskBuilder {
    let run =
        move |session: Session| async move { session.clock().sleep(Duration::from_secs(60 * minutes)).await };
    Task::func("work", run).start(start.to_owned()).timeout("1 day")
}

fn failing(start: &str) -> TaskBuilder {
    Task::func("work", || async { Err::<(), _>("it failed") }).start(start.to_owned())
}

fn hours(app: &mut TestApp, hours: u64) -> Vec<String> {
    app.run_for(Duration::from_secs(3600 * hours));
    times(app, "work")
}

#[test]
fn a_run_over_midnight_leaves_the_next_day_its_own() {
    let task = taking(20, "daily after 23:50");
    let mut app = TestApp::start(app().task(task), "2026-01-01T12:00:00Z").unwrap();
    assert_eq!(hours(&mut app, 72), ["23:50:00", "23:50:00", "23:50:00"]);
    let late = taking(20, "daily");
    let mut app = TestApp::start(crate::support::app().task(late), "2026-01-01T23:50:00Z").unwrap();
    assert_eq!(hours(&mut app, 30), ["23:50:00", "00:10:00", "00:00:00"]);
}

#[test]
fn an_hourly_job_of_more_than_an_hour_runs_each_hour() {
    let mut app = TestApp::start(app().task(taking(61, "hourly")), "2026-01-01T00:00:00Z").unwrap();
    let starts = hours(&mut app, 24);
    assert_eq!(starts[..3], ["00:00:00", "01:01:00", "02:02:00"]);
    assert_eq!(starts.len(), 24);
}

#[test]
fn a_requested_run_counts_for_the_period_at_hand_and_for_no_later_one() {
    let task = taking(20, "daily after 07:00");
    let mut app = TestApp::start(app().task(task), "2026-01-01T06:50:00Z").unwrap();
    app.session().task("work").unwrap().force_run();
    assert_eq!(hours(&mut app, 24), ["06:50:00", "07:10:00"]);
    let task = taking(20, "daily after 07:00").disabled(true);
    let mut app = TestApp::start(crate::support::app().task(task), "2026-01-01T09:00:00Z").unwrap();
    let work = app.session().task("work").unwrap();
    work.force_run();
    app.run_for(Duration::from_secs(3600));
    work.enable();
    assert_eq!(hours(&mut app, 24), ["09:00:00", "07:00:00"]);
}

#[test]
fn a_requested_run_does_not_move_an_interval() {
    let mut app = TestApp::start(app().task(taking(1, "every 1 hour")), "2026-01-01T06:00:00Z").unwrap();
    app.run_until("2026-01-01T06:50:00Z");
    app.session().task("work").unwrap().force_run();
    assert_eq!(
        hours(&mut app, 2),
        ["06:00:00", "06:50:00", "07:00:00", "08:00:00"]
    );
}

#[test]
fn retries_are_counted_anew_every_day() {
    let task = failing("daily after 07:00 | retry 2 times");
    let mut app = TestApp::start(app().task(task), "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(hours(&mut app, 48), ["07:00:00"; 6]);
}

#[test]
fn a_run_that_its_timeout_ends_is_retried_and_one_that_a_person_ends_is_not() {
    let task = taking(60, "daily after 07:00 | retry 2 times").timeout("10 minutes");
    let mut app = TestApp::start(app().task(task), "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(hours(&mut app, 24), ["07:00:00", "07:10:00", "07:20:00"]);
    let task = taking(60, "daily after 07:00 | retry 2 times");
    let mut app = TestApp::start(crate::support::app().task(task), "2026-01-01T07:00:00Z").unwrap();
    app.run_for(Duration::from_secs(60));
    app.session().task("work").unwrap().terminate();
    assert_eq!(hours(&mut app, 12), ["07:00:00"]);
    let task = taking(60, "daily after 07:00 | retry 2 times").end("time of day after 07:05");
    let mut app = TestApp::start(crate::support::app().task(task), "2026-01-01T07:00:00Z").unwrap();
    assert_eq!(hours(&mut app, 12), ["07:00:00"]);
}

/// The retry alone makes the condition true, so the custom condition is only evaluated to tell a retry from a scheduled run.
#[test]
fn a_retry_next_to_a_custom_condition_does_not_move_an_interval() {
    let is_first = Arc::new(AtomicBool::new(true));
    let ran = is_first.clone();
    let run = move || {
        ran.store(false, Ordering::Relaxed);
        async { Err::<(), _>("it failed") }
    };
    let task = Task::func("work", run).start("every 1 hour & (it is the first | retry 2 times)");
    let app = app()
        .cond("it is the first", move || is_first.load(Ordering::Relaxed))
        .task(task);
    let mut app = TestApp::start(app, "2026-01-01T07:00:00Z").unwrap();
    assert_eq!(hours(&mut app, 6), ["07:00:00", "08:00:00", "08:00:00"]);
}

#[test]
fn timeouts_use_up_the_retries_of_a_period_like_failures() {
    let task = taking(60, "daily after 07:00 with 2 retries").timeout("10 minutes");
    let mut app = TestApp::start(app().task(task), "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(
        hours(&mut app, 48)[..4],
        ["07:00:00", "07:10:00", "07:20:00", "07:00:00"]
    );
}

#[test]
fn status_words_count_by_when_it_happened() {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let follower = move || {
        count.fetch_add(1, Ordering::Relaxed);
        async {}
    };
    let app = app().task(taking(20, "daily after 23:50")).func(
        "follower",
        "task 'work' has succeeded today & every 1 day",
        follower,
    );
    let mut app = TestApp::start(app, "2026-01-01T23:00:00Z").unwrap();
    app.run_for(Duration::from_secs(3600 + 60));
    assert_eq!(app.starts("follower").len(), 0);
    app.run_for(Duration::from_secs(3600));
    assert_eq!(
        app.starts("follower")[0].to_string(),
        "2026-01-02T00:10:00.000000Z"
    );
    assert_eq!(app.session().task("work").unwrap().total(Action::Success), 1);
}
