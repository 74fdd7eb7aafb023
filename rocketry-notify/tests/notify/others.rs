//! Overruns, tasks without a success, and a run log that can't be written.

use std::time::Duration;

use rocketry_core::{Session, Task};
use rocketry_notify::Rule;

use crate::support::{app, flaky, watched};

/// Sleeps for as many minutes as the parameter says.
async fn nap(session: Session) {
    let minutes = session.param("minutes").unwrap();
    let minutes = minutes.get::<u64>().unwrap();
    session.clock().sleep(Duration::from_secs(60 * minutes)).await;
}

#[test]
fn a_run_that_takes_much_longer_than_usual_overruns() {
    let app = app()
        .param("minutes", 10_u64)
        .task(Task::func("nap", nap).start("every 2 hours").no_timeout());
    let (mut app, told) = watched(app, [Rule::overrun(3.0)]);
    app.run_until("2026-01-01T05:00:00Z");
    app.session().set_param("minutes", 100_u64);
    app.run_until("2026-01-01T09:00:00Z");
    let overrun = told.next();
    assert_eq!(overrun.message, "`nap` runs for 30 min; it usually takes 10 min");
    assert_eq!(overrun.at.to_string(), "2026-01-01T06:30:00.000000Z");
    assert!(overrun.run_id.is_some());
    assert_eq!(told.next().message, "the run of `nap` has ended after 1 h 40 min");
}

#[test]
fn a_task_that_does_not_succeed_for_long_is_reported() {
    let app = app().task(Task::func("fetch", flaky).start("every 1 hour"));
    let (mut app, told) = watched(app, [Rule::no_success_within("3 hours")]);
    app.run_until("2026-01-01T01:30:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T05:30:00Z");
    app.session().set_param("broken", false);
    app.run_until("2026-01-01T06:30:00Z");
    let message = "`fetch` has not succeeded for 3 h, since 2026-01-01 01:00:00 (UTC)";
    assert_eq!(told.line(), format!("no_success opened: {message}"));
    assert_eq!(told.line(), "no_success recovered: `fetch` has succeeded");
}

#[test]
fn a_task_that_never_succeeds_is_reported_unless_it_is_paused() {
    let app = app()
        .task(Task::func("never", || async { Err::<(), _>("no") }).start("every 1 hour"))
        .task(Task::func("paused", || async {}).start("every 1 hour"));
    let (mut app, told) = watched(app, [Rule::no_success_within("1 day")]);
    app.session().task("paused").unwrap().pause();
    app.run_until("2026-01-03T00:00:00Z");
    assert_eq!(told.next().message, "`never` has not succeeded within 1 d");
    app.session().task("never").unwrap().delete();
    app.run_until("2026-01-05T00:00:00Z");
    assert_eq!(told.next().message, "`never` was deleted");
}
