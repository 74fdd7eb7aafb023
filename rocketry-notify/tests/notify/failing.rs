//! Runs that fail.

use rocketry_core::Task;
use rocketry_core::testing::TestApp;
use rocketry_notify::{Notifications, Rule, Stage, WithNotifications};

use crate::support::{app, collected, flaky, watched};

fn hourly() -> rocketry_core::Rocketry {
    app().task(Task::func("fetch", flaky).start("every 1 hour"))
}

#[test]
fn an_incident_is_reported_once_and_its_end_once() {
    let (mut app, told) = watched(hourly(), [Rule::failure()]);
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T04:30:00Z");
    app.session().set_param("broken", false);
    app.run_until("2026-01-01T08:30:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T09:30:00Z");
    assert_eq!(
        told.line(),
        "failing opened: `fetch` has failed: the disk is full"
    );
    let end = told.next();
    assert_eq!(end.message, "`fetch` works again, after 4 failures");
    assert_eq!((end.app.as_str(), end.times), ("shop", 4));
    assert_eq!(end.since.to_string(), "2026-01-01T01:00:00.000000Z");
    assert_eq!(end.at.to_string(), "2026-01-01T05:00:00.000000Z");
    let again = told.next();
    assert_eq!(again.message, "`fetch` has failed: the disk is full");
    assert_ne!(again.incident, end.incident);
}

#[test]
fn several_failures_in_a_row_are_counted_from_the_log() {
    let (mut app, told) = watched(hourly(), [Rule::failures(3)]);
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T02:30:00Z");
    app.session().set_param("broken", false);
    app.run_until("2026-01-01T03:30:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T07:30:00Z");
    app.session().set_param("broken", false);
    app.run_until("2026-01-01T08:30:00Z");
    let opened = told.next();
    assert_eq!(
        opened.message,
        "`fetch` has failed 3 times in a row: the disk is full"
    );
    assert_eq!(opened.at.to_string(), "2026-01-01T06:00:00.000000Z");
    assert_eq!(told.next().message, "`fetch` works again, after 4 failures");
}

#[test]
fn the_first_rule_that_covers_a_task_applies() {
    let app = hourly().task(Task::func("store", flaky).start("every 1 hour"));
    let rules = [
        Rule::failures(2).for_tasks(["store"]),
        Rule::failure().except(["fetch"]),
    ];
    let (mut app, told) = watched(app, rules);
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T03:30:00Z");
    assert_eq!(
        told.next().message,
        "`store` has failed 2 times in a row: the disk is full"
    );
}

#[test]
fn what_goes_on_is_reported_again_after_a_while() {
    let (notifications, told) = collected();
    let notifications: Notifications = notifications.on(Rule::failure()).remind_every("150 minutes");
    let mut app = TestApp::start(hourly().notifications(notifications), "2026-01-01T00:00:00Z").unwrap();
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T06:30:00Z");
    assert_eq!(
        told.line(),
        "failing opened: `fetch` has failed: the disk is full"
    );
    let reminder = "`fetch` still fails: 3 failures in a row since 2026-01-01 01:00:00 (UTC)";
    assert_eq!(told.line(), format!("failing reminder: {reminder}"));
    assert_eq!(told.next().stage, Stage::Reminder);
}

#[test]
fn a_task_that_is_deleted_fails_no_more() {
    let (mut app, told) = watched(hourly(), [Rule::failure()]);
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T01:30:00Z");
    app.session().task("fetch").unwrap().delete();
    app.run_until("2026-01-01T02:30:00Z");
    told.next();
    assert_eq!(told.line(), "failing recovered: `fetch` was deleted");
}

#[test]
fn an_incident_that_begins_again_is_reported_again_after_the_whole_while() {
    let (notifications, told) = collected();
    let notifications: Notifications = notifications.on(Rule::failure()).remind_every("150 minutes");
    let mut app = TestApp::start(hourly().notifications(notifications), "2026-01-01T00:00:00Z").unwrap();
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T01:30:00Z");
    app.session().set_param("broken", false);
    app.run_until("2026-01-01T02:30:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T05:45:00Z");
    let [_opened, _recovered, again, reminder] = [(); 4].map(|()| told.next());
    assert_eq!(
        (again.stage, again.since.to_string().as_str()),
        (Stage::Opened, "2026-01-01T03:00:00.000000Z")
    );
    assert_eq!(reminder.stage, Stage::Reminder);
    assert_eq!(reminder.at.to_string(), "2026-01-01T05:30:00.000000Z");
}
