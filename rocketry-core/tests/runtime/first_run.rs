//! When a task runs first that has never run.

use std::time::Duration;

use rocketry_core::conds::{cron, every, once_per, past};
use rocketry_core::testing::TestApp;
use rocketry_core::{Condition, Config, FirstRun, OnExists, Params, Session, Task, TaskBuilder, Zone};

use crate::support::{app, start, times};

const NOON: &str = "2026-01-01T12:00:00Z";

fn waiting(name: &'static str, condition: impl Into<Condition>) -> TaskBuilder {
    Task::func(name, || async {})
        .start(condition)
        .first_run(FirstRun::Wait)
}

/// The first starts of a task that waits, in an app that starts at noon.
fn first(condition: impl Into<Condition>, hours: u64) -> Vec<String> {
    let mut app = TestApp::start(app().task(waiting("work", condition)), NOON).unwrap();
    app.run_for(Duration::from_secs(hours * 3600));
    times(&app, "work").into_iter().take(2).collect()
}

#[test]
fn a_task_may_wait_for_its_next_period() {
    assert_eq!(first("daily", 36), ["00:00:00", "00:00:00"]);
    assert_eq!(first("daily before 13:00", 48), ["00:00:00", "00:00:00"]);
    assert_eq!(first("hourly", 2), ["13:00:00", "14:00:00"]);
    assert_eq!(first("daily & time of day after 10:00", 24), ["10:00:00"]);
    assert_eq!(first("one start per (time of day after 07:00)", 24), ["07:00:00"]);
}

#[test]
fn a_period_that_begins_after_the_start_up_is_the_next() {
    assert_eq!(first("daily after 14:00", 24), ["14:00:00"]);
    assert_eq!(first(cron("30 12 * * *"), 24), ["12:30:00"]);
}

#[test]
fn an_interval_is_counted_from_the_start_up() {
    assert_eq!(first(every("90 min"), 3), ["13:30:00", "15:00:00"]);
    assert_eq!(first("every 1 hour based on finish", 2), ["13:00:00", "14:00:00"]);
    assert_eq!(first(once_per(past("2 hours")), 4), ["14:00:00", "16:00:00"]);
}

#[test]
fn a_minute_of_cron_that_has_begun_is_not_the_first() {
    assert_eq!(
        first(cron("0 12 * * *").grace("1 hour"), 48),
        ["12:00:00", "12:00:00"]
    );
    assert_eq!(first("cron * * * * *", 1), ["12:01:00", "12:02:00"]);
}

#[test]
fn an_interval_keeps_its_grid_after_a_first_run_that_came_late() {
    let mut app = TestApp::start(app().task(waiting("work", every("1 h"))), NOON).unwrap();
    app.sleep_until("2026-01-01T13:10:00Z");
    app.run_until("2026-01-01T14:30:00Z");
    assert_eq!(times(&app, "work"), ["13:10:00", "14:00:00"]);
}

#[test]
fn only_a_task_that_has_never_run_waits() {
    let mut app = TestApp::start(app().task(waiting("work", "hourly").disabled(true)), NOON).unwrap();
    let task = app.session().task("work").unwrap();
    app.run_until("2026-01-01T12:50:00Z");
    task.run(Params::new());
    app.run_until("2026-01-01T13:30:00Z");
    task.enable();
    app.settle();
    assert_eq!(times(&app, "work"), ["12:50:00", "13:30:00"]);
}

#[test]
fn a_task_that_is_added_waits_from_then_on() {
    let mut app = TestApp::start(app(), NOON).unwrap();
    app.run_until("2026-01-01T18:30:00Z");
    let session = app.session().clone();
    session.add(waiting("hours", every("1 h"))).unwrap();
    session.add(waiting("days", "daily")).unwrap();
    app.run_until("2026-01-01T20:00:00Z");
    assert_eq!(times(&app, "hours"), ["19:30:00"]);
    assert!(times(&app, "days").is_empty());
    // One that takes the place of another has its past.
    session
        .add_as(waiting("hours", "daily"), OnExists::Replace)
        .unwrap();
    app.run_until("2026-01-02T00:00:00Z");
    assert_eq!(times(&app, "hours"), ["19:30:00", "00:00:00"]);
}

#[test]
fn a_restart_does_not_make_a_task_wait_longer() {
    let mut app = TestApp::start(app().task(waiting("work", every("1 h"))), NOON).unwrap();
    app.run_until("2026-01-01T12:50:00Z");
    app.session().restart().unwrap();
    app.run_until("2026-01-01T13:30:00Z");
    assert_eq!(times(&app, "work"), ["13:00:00"]);
}

#[test]
fn what_others_have_done_does_not_wait() {
    let watches = waiting(
        "watches",
        "task 'idle' once per (time of day after 00:00) & ~task 'watches' has started",
    );
    let idle = Task::func("idle", || async {});
    let app = start(app().task(watches).task(idle));
    assert_eq!(times(&app, "watches"), ["00:00:00"]);
}

#[test]
fn the_setting_holds_for_tasks_that_say_nothing_else() {
    let config = Config {
        first_run: FirstRun::Wait,
        zone: Zone::UTC,
        ..Config::default()
    };
    let usual = |session: Session| async move { drop(session) };
    let mut app = TestApp::start(
        app().config(config).func("usual", "hourly", usual).task(
            Task::func("eager", usual)
                .start("hourly")
                .first_run(FirstRun::Due),
        ),
        NOON,
    )
    .unwrap();
    app.run_until("2026-01-01T13:00:00Z");
    assert_eq!(times(&app, "usual"), ["13:00:00"]);
    assert_eq!(times(&app, "eager"), ["12:00:00", "13:00:00"]);
}

#[test]
fn words_are_read_back() {
    for first_run in [FirstRun::Due, FirstRun::Wait] {
        assert_eq!(first_run.to_string().parse::<FirstRun>().unwrap(), first_run);
    }
    let said = "weit".parse::<FirstRun>().unwrap_err().to_string();
    assert_eq!(
        said,
        "`weit` is not a valid first run: expected due or wait; did you mean `wait`?"
    );
}
