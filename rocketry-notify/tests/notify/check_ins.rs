//! Check-ins at a service that notices silence.

use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Task};
use rocketry_notify::{CheckIn, Notifications, WithNotifications};

use crate::server::Server;
use crate::support::{app, flaky};

fn start(app: Rocketry, check_in: CheckIn) -> TestApp {
    let notifications = Notifications::new().check_in(check_in.allow_private());
    TestApp::start(app.notifications(notifications), "2026-01-01T00:00:00Z").unwrap()
}

fn hourly() -> Rocketry {
    app().task(Task::func("fetch", flaky).start("daily at 06:00, 07:00"))
}

#[test]
fn starts_and_ends_of_runs_are_reported() {
    let server = Server::start(&[]);
    let mut app = start(
        hourly(),
        CheckIn::healthchecks("fetch", format!("{}/ping/x", server.url)),
    );
    app.run_until("2026-01-01T06:30:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T07:30:00Z");
    let lines = [(); 4].map(|()| server.next().line);
    let paths = ["/ping/x/start", "/ping/x", "/ping/x/start", "/ping/x/fail"];
    assert_eq!(lines, paths.map(|path| format!("GET {path} HTTP/1.1")));
}

#[test]
fn sentry_wants_a_status() {
    let server = Server::start(&[]);
    let mut app = start(
        hourly(),
        CheckIn::sentry("fetch", format!("{}/cron/x/?a=b", server.url)),
    );
    app.run_until("2026-01-01T06:30:00Z");
    let lines = [(); 2].map(|()| server.next().line);
    let statuses = ["in_progress", "ok"];
    assert_eq!(
        lines,
        statuses.map(|status| format!("GET /cron/x/?a=b&status={status} HTTP/1.1"))
    );
}

#[test]
fn the_app_says_that_it_is_alive() {
    let server = Server::start(&[]);
    let mut app = start(
        hourly(),
        CheckIn::alive(format!("{}/alive", server.url), "10 minutes"),
    );
    app.run_until("2026-01-01T00:25:00Z");
    let lines = [(); 3].map(|()| server.next().line);
    assert_eq!(lines, [(); 3].map(|()| "GET /alive HTTP/1.1".to_owned()));
}
