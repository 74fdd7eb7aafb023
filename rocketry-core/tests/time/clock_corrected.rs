//! A clock that was wrong is put right while the app runs: nothing waits for the wrong date, and lengths of time follow
//! the time that passes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, FirstRun, Query, Rocketry, Session, Task, TaskBuilder, Timestamp, Zone};

fn task(name: &'static str, start: &'static str) -> TaskBuilder {
    Task::func(name, || async {}).start(start)
}

fn failing(name: &'static str, start: &'static str) -> TaskBuilder {
    Task::func(name, || async { Err::<(), _>("no".to_owned()) }).start(start)
}

/// A task whose runs take so many minutes.
fn long(name: &'static str, start: &'static str, minutes: u64) -> TaskBuilder {
    let run = move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(minutes * 60)).await;
    };
    Task::func(name, run).start(start)
}

fn app(tasks: impl IntoIterator<Item = TaskBuilder>, at: &str) -> TestApp {
    let config = Config {
        zone: Zone::UTC,
        timeout: None,
        ..Config::default()
    };
    let app = Rocketry::builder().config(config);
    let app = tasks.into_iter().fold(app, Rocketry::task);
    TestApp::start(app, at).expect("the app can be built")
}

fn short(at: Timestamp) -> String {
    let text = at.to_string();
    text.strip_prefix("2026-")
        .unwrap_or(&text)
        .replace(".000000Z", "")
}

fn starts(app: &TestApp, task: &str) -> Vec<String> {
    app.starts(task).into_iter().map(short).collect()
}

/// The starts from the correction on, which is on 3 March at 13:05, until 16 March.
fn corrected(tasks: impl IntoIterator<Item = TaskBuilder>, task: &str) -> Vec<String> {
    let mut app = app(tasks, "2026-03-02T00:00:00Z");
    app.run_until("2026-03-03T12:00:00Z");
    app.jump("2026-04-20T12:00:00Z");
    app.run_until("2026-04-20T13:00:00Z");
    let before = app.starts(task).len();
    app.jump("2026-03-03T13:05:00Z");
    app.run_until("2026-03-16T12:00:00Z");
    starts(&app, task).split_off(before)
}

/// Every day from 4 until 16 March.
fn each_day_at(time: &str) -> Vec<String> {
    (4..=16).map(|day| format!("03-{day:02}T{time}")).collect()
}

#[test]
fn cycles_go_on_in_their_next_period() {
    for (start, time) in [
        ("daily", "00:00:00"),
        ("daily after 07:00", "07:00:00"),
        ("daily between 07:00 and 08:00", "07:00:00"),
        ("cron 0 7 * * *", "07:00:00"),
        ("cron 0 7 * * * grace 1 hour", "07:00:00"),
    ] {
        assert_eq!(corrected([task("t", start)], "t"), each_day_at(time), "{start}");
    }
    assert_eq!(
        corrected([task("t", "weekly on Monday")], "t"),
        ["03-09T00:00:00", "03-16T00:00:00"]
    );
    for start in ["hourly", "cron 0 * * * *", "cron 0 * * * * grace 10 minutes"] {
        let starts = corrected([task("t", start)], "t");
        assert_eq!(starts[..2], ["03-03T14:00:00", "03-03T15:00:00"], "{start}");
        assert_eq!(starts.len(), 12 * 24 + 23, "{start}");
    }
}

#[test]
fn a_sliding_period_begins_with_the_correction() {
    let starts = corrected([task("t", "once per (past 6 hours)")], "t");
    assert_eq!(starts[..2], ["03-03T19:05:00", "03-04T01:05:00"]);
    let limited = "every 1 hour & has started past 6 hours less than 2 times";
    let starts = corrected([task("t", limited)], "t");
    // The runs of 12:00 and 13:00 on the wrong date count as just now.
    assert_eq!(starts[..2], ["03-03T19:05:00", "03-03T20:05:00"]);
}

#[test]
fn a_pipeline_goes_on_with_every_outcome() {
    for (word, source) in [
        ("after task 'source'", task("source", "every 1 hour")),
        ("after task 'source' succeeded", task("source", "every 1 hour")),
        ("after task 'source' finished", task("source", "every 1 hour")),
        ("after task 'source' failed", failing("source", "every 1 hour")),
        (
            "after task 'source' terminated",
            long("source", "every 1 hour", 30).timeout("1 minute"),
        ),
        ("after tasks 'source', 'other'", task("source", "every 1 hour")),
        (
            "after any tasks 'source', 'other' failed",
            failing("source", "every 1 hour"),
        ),
    ] {
        let tasks = || [source.clone(), task("other", "every 1 hour"), task("next", word)];
        let starts = corrected(tasks(), "next");
        let late = u8::from(word.contains("terminated"));
        assert_eq!(starts[0], format!("03-03T13:{:02}:00", 5 + late), "{word}");
        assert_eq!(starts[1], format!("03-03T14:{:02}:00", 5 + late), "{word}");
        assert_eq!(starts.len(), 12 * 24 + 23, "{word}");
    }
}

#[test]
fn what_is_done_and_what_is_pending_stay_so_when_the_clock_is_put_back() {
    let mut app = app(
        [
            task("source", "daily after 12:00"),
            task("done", "after task 'source'"),
            task(
                "pending",
                "after task 'source' & time of day between 20:00 and 21:00",
            ),
        ],
        "2026-03-03T11:00:00Z",
    );
    app.run_until("2026-03-03T13:00:00Z");
    app.jump("2026-03-03T10:00:00Z");
    app.run_until("2026-03-03T23:00:00Z");
    assert_eq!(starts(&app, "source"), ["03-03T12:00:00"]);
    assert_eq!(starts(&app, "done"), ["03-03T12:00:00"]);
    assert_eq!(starts(&app, "pending"), ["03-03T20:00:00"]);
}

/// When a task failed first is 12:00. Half an hour later its clock is set; the hour of backoff has half an hour to go.
fn retried_after(step_to: &str) -> String {
    let task = failing("t", "daily after 12:00 | retry 3 times with backoff 1 hour");
    let mut app = app([task], "2026-03-03T11:00:00Z");
    app.run_until("2026-03-03T12:30:00Z");
    app.jump(step_to);
    app.run_for(Duration::from_secs(3 * 3600 / 2));
    starts(&app, "t")[1].clone()
}

#[test]
fn a_backoff_is_as_long_as_it_is() {
    assert_eq!(retried_after("2026-03-03T10:30:00Z"), "03-03T11:00:00");
    assert_eq!(
        retried_after("2026-03-03T12:29:59.995Z"),
        "03-03T12:59:59.995000Z"
    );
    assert_eq!(retried_after("2026-03-03T15:00:00Z"), "03-03T15:30:00");
    assert_eq!(retried_after("2026-01-03T12:30:00Z"), "01-03T13:00:00");
}

#[test]
fn without_a_backoff_a_task_is_tried_again_at_once() {
    let flaky = Task::func("t", |session: Session| async move {
        session.clock().sleep(Duration::from_secs(60)).await;
        Err::<(), _>("no".to_owned())
    });
    let mut app = app(
        [flaky.start("daily after 12:00 | retry 3 times")],
        "2026-03-03T12:00:00Z",
    );
    app.run_until("2026-03-03T12:00:30Z");
    app.jump("2026-02-03T12:00:30Z");
    app.run_for(Duration::from_secs(600));
    assert_eq!(
        starts(&app, "t"),
        [
            "03-03T12:00:00",
            "02-03T12:01:00",
            "02-03T12:02:00",
            "02-03T12:03:00"
        ]
    );
}

#[test]
fn a_timeout_is_as_long_as_it_is() {
    for (to, end) in [
        ("2026-03-03T11:10:00Z", "03-03T11:30:00"),
        ("2026-03-03T12:09:59.995Z", "03-03T12:29:59.995000Z"),
        ("2026-03-03T18:10:00Z", "03-03T18:30:00"),
        ("2026-01-03T12:10:00Z", "01-03T12:30:00"),
    ] {
        let task = long("t", "daily after 12:00", 120).timeout("30 minutes");
        let mut app = app([task], "2026-03-03T12:00:00Z");
        app.run_until("2026-03-03T12:10:00Z");
        app.jump(to);
        app.run_for(Duration::from_secs(3600 / 2));
        let ends = app.records(&Query::new().task("t").action(Action::Terminate));
        assert_eq!(short(ends[0].created), end);
    }
}

#[test]
fn a_run_takes_as_long_as_it_does() {
    for to in ["2026-03-03T11:10:00Z", "2026-03-03T18:10:00Z"] {
        let mut app = app([long("t", "daily after 12:00", 30)], "2026-03-03T12:00:00Z");
        app.run_until("2026-03-03T12:10:00Z");
        app.jump(to);
        app.run_for(Duration::from_secs(1199));
        assert!(app.session().task("t").unwrap().is_running(), "{to}");
        app.run_for(Duration::from_secs(1));
        assert!(!app.session().task("t").unwrap().is_running(), "{to}");
    }
}

#[test]
fn jitter_is_as_long_as_it_is() {
    let delay = |step: i64| {
        let task = task("t", "daily after 12:00").jitter("1 hour");
        let mut app = app([task], "2026-03-03T12:00:00Z");
        let set_to = app.now().as_micros() + step;
        app.jump(Timestamp::from_micros(set_to));
        app.run_for(Duration::from_secs(3600));
        app.starts("t")[0].as_micros() - set_to
    };
    let whole = delay(0);
    assert!(whole > 0);
    for step in [-5000, -7_200_000_000, -5_000_000_000_000, 7_200_000_000] {
        assert_eq!(delay(step), whole, "{step}");
    }
}

#[test]
fn how_long_a_run_goes_on_does_not_depend_on_the_clock() {
    let mut app = app(
        [
            long("t", "daily after 12:00", 120),
            task(
                "watcher",
                "task 't' is running for more than 1 hour & every 1 day",
            ),
        ],
        "2026-03-03T12:00:00Z",
    );
    app.run_until("2026-03-03T12:30:00Z");
    app.jump("2026-03-03T18:00:00Z");
    app.run_until("2026-03-03T18:10:00Z");
    app.jump("2026-03-03T09:00:00Z");
    app.run_until("2026-03-03T10:00:00Z");
    assert_eq!(starts(&app, "watcher"), ["03-03T09:20:00"]);
}

#[test]
fn a_period_that_has_been_used_is_used_only_once_in_the_repeated_time() {
    for (start, expected) in [
        ("hourly", ["03-03T12:00:00", "03-03T13:00:00"]),
        ("cron 0 * * * *", ["03-03T12:00:00", "03-03T13:00:00"]),
        (
            "once per (past 1 hour)",
            ["03-03T12:00:00", "03-03T12:59:59.995000Z"],
        ),
    ] {
        let mut app = app([task("t", start)], "2026-03-03T12:00:00Z");
        app.jump("2026-03-03T11:59:59.995Z");
        app.run_until("2026-03-03T13:30:00Z");
        assert_eq!(starts(&app, "t"), expected, "{start}");
    }
}

#[test]
fn a_first_run_that_waits_does_not_wait_for_the_wrong_date() {
    let waits = task("t", "daily after 07:00").first_run(FirstRun::Wait);
    let mut app = app([waits], "2026-04-20T12:00:00Z");
    app.jump("2026-03-03T12:00:00Z");
    app.run_until("2026-03-05T12:00:00Z");
    assert_eq!(starts(&app, "t"), ["03-04T07:00:00", "03-05T07:00:00"]);
}

#[test]
fn records_are_forgotten_when_the_clock_was_ahead() {
    let config = Config {
        zone: Zone::UTC,
        log_keep_for: Some(Duration::from_secs(6 * 3600)),
        ..Config::default()
    };
    let app = Rocketry::builder().config(config);
    let mut app = TestApp::start(app.task(task("t", "every 10 minutes")), "2026-06-01T00:00:00Z").unwrap();
    app.run_until("2026-06-01T00:30:00Z");
    app.jump("2026-01-01T00:00:00Z");
    app.run_until("2026-01-02T00:00:00Z");
    assert!(app.records(&Query::new()).len() < 80);
}

/// The seconds from a change of the clock, ten minutes after an end, to the start that comes half an hour after the end.
fn rest_of_a_delay(to: &str) -> i64 {
    let tasks = [
        task("source", "daily after 12:00"),
        task("next", "30 minutes after task 'source'"),
    ];
    let mut app = app(tasks, "2026-03-03T12:00:00Z");
    app.run_until("2026-03-03T12:10:00Z");
    app.jump(to);
    let set_to = app.now().as_micros();
    app.run_for(Duration::from_secs(3600));
    let starts = app.starts("next");
    assert_eq!(starts.len(), 1, "{to}");
    (starts[0].as_micros() - set_to) / 1_000_000
}

#[test]
fn a_delay_after_another_task_is_as_long_as_it_is() {
    for to in [
        "2026-03-03T12:05:00Z",
        "2026-03-03T11:10:00Z",
        "2026-01-01T00:00:00Z",
        "2026-03-03T12:25:00Z",
        "2026-03-03T18:10:00Z",
    ] {
        assert_eq!(rest_of_a_delay(to), 20 * 60, "{to}");
    }
}

#[test]
fn an_end_that_was_delayed_before_the_clock_was_set_counts_once() {
    for to in [
        "2026-03-03T18:00:00Z",
        "2026-03-03T13:10:00Z",
        "2026-03-03T09:00:00Z",
    ] {
        let tasks = [
            task("source", "daily after 12:00 & on 2026-03-03"),
            task("next", "30 minutes after task 'source'"),
        ];
        let mut app = app(tasks, "2026-03-03T12:00:00Z");
        app.run_until("2026-03-03T12:40:00Z");
        app.jump(to);
        app.run_for(Duration::from_secs(7200));
        assert_eq!(app.starts("next").len(), 1, "{to}");
    }
}

#[test]
fn a_poll_interval_counts_from_when_the_clock_was_set() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let config = Config {
        zone: Zone::UTC,
        poll_interval: Duration::from_secs(3600),
        ..Config::default()
    };
    let is_ready = || {
        CALLS.fetch_add(1, Ordering::Relaxed);
        false
    };
    let app = Rocketry::builder().config(config).cond("it is ready", is_ready);
    let mut app = TestApp::start(app.task(task("t", "it is ready")), "2026-03-03T12:00:00Z").unwrap();
    assert_eq!(CALLS.swap(0, Ordering::Relaxed), 1);
    app.run_for(Duration::from_secs(600));
    for to in ["2026-03-03T12:59:00Z", "2026-03-03T11:00:00Z"] {
        app.jump(to);
        assert_eq!(
            CALLS.swap(0, Ordering::Relaxed),
            1,
            "a condition may ask the clock"
        );
        app.run_for(Duration::from_secs(3599));
        assert_eq!(CALLS.load(Ordering::Relaxed), 0, "{to}");
        app.run_for(Duration::from_secs(1));
        assert_eq!(CALLS.swap(0, Ordering::Relaxed), 1, "{to}");
    }
}
