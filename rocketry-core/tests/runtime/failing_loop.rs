//! A task that would start again at once after each failed run pauses before, longer with each failure in a row.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Event, Hold, Part, Rocketry, Task, TaskBuilder, Timestamp, Zone};

const START: &str = "2026-01-01T00:00:00Z";

/// A task that fails at once.
fn failing(start: &str) -> TaskBuilder {
    Task::func("failing", || Err::<(), _>("no network")).start(start)
}

fn started(task: TaskBuilder) -> TestApp {
    started_with(task, Config::default().pause_after_failure)
}

fn started_with(task: TaskBuilder, pause_after_failure: Option<Duration>) -> TestApp {
    let config = Config {
        zone: Zone::UTC,
        pause_after_failure,
        ..Config::default()
    };
    TestApp::start(Rocketry::builder().config(config).task(task), START).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    Timestamp::from_micros(start.as_micros() + seconds * 1_000_000)
}

/// How many seconds after the start of the app its task started.
fn starts(app: &TestApp) -> Vec<i64> {
    let starts = app.starts("failing").into_iter();
    starts
        .map(|start| (start.as_micros() - at(0).as_micros()) / 1_000_000)
        .collect()
}

#[test]
fn pauses_double_up_to_five_minutes() {
    for start in [
        "every 10 minutes based on success",
        "always",
        "time of day between 00:00 and 12:00",
        "~has succeeded today",
        "daily | retry",
        "every 10 minutes based on success | retry 3 times",
    ] {
        let mut app = started(failing(start));
        app.run_for(Duration::from_secs(1200));
        let expected = [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111];
        assert_eq!(starts(&app), expected, "{start}");
    }
}

#[test]
fn the_setting_is_the_first_pause_or_none() {
    let mut app = started_with(failing("always"), Some(Duration::from_secs(600)));
    app.run_for(Duration::from_secs(1200));
    assert_eq!(starts(&app), [0, 600, 1200]);
    let app = started_with(failing("always & at most 50 runs"), None);
    assert_eq!(starts(&app), [0; 50]);
    let set = |value| {
        Config::default()
            .with_vars([("ROCKETRY_PAUSE_AFTER_FAILURE", value)])
            .unwrap()
    };
    assert_eq!(set("10 s").pause_after_failure, Some(Duration::from_secs(10)));
    assert_eq!(set("never").pause_after_failure, None);
}

#[test]
fn a_new_start_is_not_delayed() {
    let mut app = started(failing("every 10 seconds"));
    app.run_for(Duration::from_secs(600));
    assert_eq!(starts(&app).len(), 61);

    let mut app = started(failing("daily | retry 3 times"));
    app.run_for(Duration::from_secs(600));
    assert_eq!(starts(&app), [0, 0, 0, 0]);

    let mut app = started(failing("daily | retry with backoff 2 seconds"));
    app.run_for(Duration::from_secs(70));
    assert_eq!(starts(&app), [0, 2, 6, 14, 30, 62]);

    let mut app = started(failing("every 1 second & time of day between 00:00 and 12:00"));
    app.run_for(Duration::from_secs(10));
    assert_eq!(starts(&app).len(), 11);
}

/// The retries leave the interval as it is, so it does not slow them.
#[test]
fn retries_while_an_interval_has_passed_are_slowed() {
    let mut app = started(failing("every 10 seconds & (hourly | retry)"));
    app.run_for(Duration::from_secs(100));
    assert_eq!(starts(&app), [0, 10, 12, 16, 24, 40, 72]);
}

/// The condition is true without the custom one, which is asked all the same: it tells whether a start comes anew.
#[test]
fn a_custom_condition_may_tell_that_a_start_comes_anew() {
    for (open, expected) in [
        (true, vec![0, 1, 3, 7, 10, 20, 30]),
        (false, vec![0, 1, 3, 7, 15, 31]),
    ] {
        let task = failing("cron with seconds */10 * * * * * & it is open | ~has succeeded today");
        let app = Rocketry::builder().task(task).cond("it is open", move || open);
        let mut app = TestApp::start(app, START).unwrap();
        app.run_for(Duration::from_secs(35));
        assert_eq!(starts(&app), expected, "{open}");
    }
}

#[test]
fn a_start_that_is_spread_is_paused_as_well() {
    let task = failing("cron with seconds */10 * * * * * & it is open | ~has succeeded today");
    let app = Rocketry::builder()
        .task(task.jitter(Duration::from_millis(1)))
        .cond("it is open", || false);
    let mut app = TestApp::start(app, START).unwrap();
    app.run_for(Duration::from_secs(35));
    assert_eq!(starts(&app), [0, 1, 3, 7, 15, 31]);
}

/// The retry alone makes the condition true. If the custom condition is true as well, the retry does not count.
#[test]
fn a_custom_condition_may_tell_that_a_retry_does_not_count() {
    let task = failing("it is open | retry with backoff 2 seconds");
    let app = Rocketry::builder().task(task).cond("it is open", || true);
    let mut app = TestApp::start(app, START).unwrap();
    app.run_for(Duration::from_secs(20));
    assert_eq!(starts(&app), [0, 1, 3, 7, 15]);
}

#[test]
fn a_new_start_ends_the_pause() {
    let mut app = started(failing("always | cron 20 0 * * * | cron 40 0 * * *"));
    app.run_until("2026-01-01T00:41:00Z");
    let expected = [
        0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111, 1200, 1500, 1800, 2100, 2400,
    ];
    assert_eq!(starts(&app), expected);
}

#[test]
fn an_interval_that_has_passed_while_the_run_took_long_comes_anew() {
    let slow = |session: rocketry_core::Session| async move {
        session.clock().sleep(Duration::from_secs(15)).await;
        Err::<(), _>("no network")
    };
    let mut app = started(Task::func("failing", slow).start("every 10 seconds"));
    app.run_for(Duration::from_secs(60));
    assert_eq!(starts(&app), [0, 15, 30, 45, 60]);
}

#[test]
fn a_success_resets_the_pause() {
    let works = Arc::new(AtomicBool::new(false));
    let run = {
        let works = works.clone();
        move || {
            if works.load(Ordering::Relaxed) {
                Ok(())
            } else {
                Err("no network")
            }
        }
    };
    let task = Task::func("failing", run).start("every 10 seconds based on success");
    let mut app = started(task);
    app.run_for(Duration::from_secs(10));
    assert_eq!(starts(&app), [0, 1, 3, 7]);
    works.store(true, Ordering::Relaxed);
    app.run_for(Duration::from_secs(10));
    works.store(false, Ordering::Relaxed);
    app.run_for(Duration::from_secs(10));
    assert_eq!(starts(&app), [0, 1, 3, 7, 15, 25, 26, 28]);
}

#[test]
fn the_pause_is_shown_and_told_once() {
    let mut app = started(failing("every 10 minutes based on success"));
    let mut events = app.session().subscribe();
    let task = app.session().task("failing").unwrap();
    let until = at(1);
    assert_eq!(task.holds(), [Hold::Failures { failures: 1, until }]);
    assert_eq!(task.next_due(), Some(until));
    assert!(app.session().failures().is_empty());
    app.run_for(Duration::from_secs(5));
    let until = at(7);
    let third = Hold::Failures { failures: 3, until };
    assert!(third.has_run());
    assert_eq!(task.holds(), std::slice::from_ref(&third));
    assert_eq!(task.next_due(), Some(until));
    assert_eq!(
        task.waits_for().unwrap(),
        format!("the end of its pause at {until}, because its last 3 runs have failed")
    );
    app.run_for(Duration::from_secs(3600));
    let failures = app.session().failures();
    assert_eq!(failures.len(), 1, "{failures:?}");
    let failure = &failures[0];
    assert_eq!(
        (failure.part, failure.task.as_deref()),
        (Part::FailingLoop, Some("failing"))
    );
    assert_eq!((failure.first, failure.times), (at(3), 1));
    let seen: Vec<Event> = std::iter::from_fn(|| events.try_next()).collect();
    let (task, hold) = (Arc::from("failing"), third);
    assert!(seen.contains(&Event::Held { task, hold }), "{seen:?}");
}

#[test]
fn a_request_is_made_at_once() {
    let mut app = started(failing("always"));
    app.run_for(Duration::from_secs(20));
    let task = app.session().task("failing").unwrap();
    task.force_run();
    app.settle();
    assert_eq!(starts(&app), [0, 1, 3, 7, 15, 20]);
    assert_eq!(task.next_due(), Some(at(20 + 32)));
}

#[test]
fn a_pause_that_outlasts_the_condition_starts_nothing() {
    let mut app = started(failing("time of day between 00:00 and 00:00:20"));
    app.run_for(Duration::from_secs(3600));
    assert_eq!(starts(&app), [0, 1, 3, 7, 15]);
    let task = app.session().task("failing").unwrap();
    assert_eq!(task.holds(), []);
    app.run_for(Duration::from_secs(24 * 3600 - 3600));
    assert_eq!(starts(&app).last(), Some(&(24 * 3600)));
}

#[test]
fn a_clock_that_is_set_forward_or_back_keeps_the_length_of_the_pause() {
    for by in [3600, -3600] {
        let mut app = started(failing("always"));
        app.run_for(Duration::from_secs(40));
        assert_eq!(starts(&app), [0, 1, 3, 7, 15, 31]);
        app.jump(at(40 + by));
        app.run_for(Duration::from_secs(30));
        assert_eq!(starts(&app).last(), Some(&(63 + by)), "{by}");
    }
}

#[test]
fn runs_that_take_longer_than_their_timeout_are_slowed_as_well() {
    let slow = |session: rocketry_core::Session| async move {
        session.clock().sleep(Duration::from_secs(3600)).await;
    };
    let task = Task::func("failing", slow).start("always").timeout("1 second");
    let mut app = started(task);
    app.run_for(Duration::from_secs(10));
    assert_eq!(app.session().task("failing").unwrap().total(Action::Terminate), 5);
}
