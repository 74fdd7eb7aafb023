//! Starts that are late.

use std::time::Duration;

use rocketry_core::{Rocketry, Session, Task};
use rocketry_notify::Rule;

use crate::support::{app, watched};

async fn four_hours(session: Session) {
    session.clock().sleep(Duration::from_secs(4 * 3600)).await;
}

fn with_a_full_pool() -> Rocketry {
    app()
        .pool("db", 1)
        .task(
            Task::func("long", four_hours)
                .no_timeout()
                .start("daily after 06:00")
                .pool("db"),
        )
        .task(
            Task::func("report", || async {})
                .start("daily after 07:00")
                .pool("db"),
        )
}

#[test]
fn a_start_that_waits_for_a_pool_is_late() {
    let (mut app, told) = watched(with_a_full_pool(), [Rule::late("30 minutes")]);
    app.run_until("2026-01-01T12:00:00Z");
    let late = told.next();
    assert_eq!(
        late.message,
        "`report` is late: it was due at 2026-01-01 07:00:00 (UTC) and has not started after 30 min"
    );
    assert_eq!(late.at.to_string(), "2026-01-01T07:30:00.000000Z");
    let detail = late.detail.unwrap();
    assert!(detail.contains("pool `db`"), "{detail}");
    let started = told.next();
    assert_eq!(started.message, "`report` has started, 3 h late");
    assert_eq!(started.since.to_string(), "2026-01-01T07:00:00.000000Z");
}

#[test]
fn what_an_operator_prevents_is_not_late() {
    let (mut app, told) = watched(with_a_full_pool(), [Rule::late("30 minutes").except(["long"])]);
    app.session().task("report").unwrap().pause();
    app.run_until("2026-01-02T00:00:00Z");
    app.session().task("report").unwrap().resume();
    app.run_until("2026-01-02T07:15:00Z");
    app.session().task("report").unwrap().disable();
    app.run_until("2026-01-03T00:00:00Z");
    app.session().task("report").unwrap().enable();
    app.run_until("2026-01-03T12:00:00Z");
    // The first that is told is that of the third day.
    assert_eq!(told.next().since.to_string(), "2026-01-03T07:00:00.000000Z");
}

#[test]
fn a_start_that_the_machine_slept_through_was_missed() {
    let app = app().task(Task::func("report", || async {}).start("cron 0 7 * * *"));
    let (mut app, told) = watched(app, [Rule::late("30 minutes")]);
    app.run_until("2026-01-01T06:00:00Z");
    app.sleep_until("2026-01-01T09:00:00Z");
    app.run_until("2026-01-02T08:00:00Z");
    let line = told.line();
    assert_eq!(
        line,
        "late opened: `report` has missed a start: the app was late or did not run"
    );
    assert!(told.line().starts_with("late recovered: `report` has started"));
}

#[test]
fn a_long_run_does_not_make_the_next_start_late() {
    let app = app()
        .task(Task::func("long", four_hours).no_timeout().start("every 1 hour"))
        .task(
            Task::func("blocked", four_hours)
                .no_timeout()
                .start("daily after 20:00")
                .pool("one"),
        )
        .task(
            Task::func("waits", || async {})
                .start("daily after 21:00")
                .pool("one"),
        )
        .pool("one", 1);
    let (mut app, told) = watched(app, [Rule::late("10 minutes")]);
    app.run_until("2026-01-01T23:00:00Z");
    assert_eq!(told.next().task.as_deref(), Some("waits"));
}
