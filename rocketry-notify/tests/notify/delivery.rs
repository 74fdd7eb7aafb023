//! Deliveries: in order, over failures and restarts.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rocketry_core::log::CsvLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Task};
use rocketry_notify::{Channel, DeliveryError, Notification, Notifications, WithNotifications};

use crate::support::{app, flaky};

/// A channel that fails as often as it is told to.
struct Unreliable {
    failures: Mutex<u32>,
    panics: bool,
    told: Sender<String>,
}

impl Channel for Unreliable {
    fn name(&self) -> String {
        "unreliable".to_owned()
    }

    fn deliver(&self, notification: &Notification) -> Result<(), DeliveryError> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            drop(failures);
            assert!(!self.panics, "on purpose");
            return Err("not now".into());
        }
        drop(failures);
        let _ = self.told.send(notification.message.clone());
        Ok(())
    }
}

fn unreliable(failures: u32, panics: bool) -> (Notifications, Receiver<String>) {
    let (told, receiver) = channel();
    let notifications = Notifications::new().app("shop").to(Unreliable {
        failures: Mutex::new(failures),
        panics,
        told,
    });
    let soon = Duration::from_millis(1);
    (notifications.retry_after([soon, soon]), receiver)
}

fn fetching() -> Rocketry {
    app().task(Task::func("fetch", flaky).start("daily at 06:00, 07:00"))
}

fn next(told: &Receiver<String>) -> String {
    told.recv_timeout(Duration::from_secs(20))
        .expect("a notification comes")
}

#[test]
fn deliveries_that_fail_are_made_again_in_order() {
    for panics in [false, true] {
        let (notifications, told) = unreliable(2, panics);
        let mut app =
            TestApp::start(fetching().notifications(notifications), "2026-01-01T00:00:00Z").unwrap();
        app.session().set_param("broken", true);
        app.run_until("2026-01-01T06:30:00Z");
        app.session().set_param("broken", false);
        app.run_until("2026-01-01T07:30:00Z");
        assert_eq!(next(&told), "`fetch` has failed: the disk is full");
        assert_eq!(next(&told), "`fetch` works again, after 1 failure");
        assert!(app.session().failures().is_empty());
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("rocketry-notify-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn log(&self) -> CsvLog {
        CsvLog::open(self.0.join("tasks.csv")).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(folder: &Folder, notifications: Notifications, at: &str) -> TestApp {
    let app = fetching().log(folder.log()).notifications(notifications);
    TestApp::start(app, at).unwrap()
}

#[test]
fn an_open_incident_survives_a_restart() {
    let folder = Folder::new("incident");
    let (notifications, told) = unreliable(0, false);
    let mut app = start(&folder, notifications, "2026-01-01T00:00:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T06:30:00Z");
    assert_eq!(next(&told), "`fetch` has failed: the disk is full");
    app.shut_down();
    let (notifications, told) = unreliable(0, false);
    let mut app = start(&folder, notifications, "2026-01-01T06:45:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T07:30:00Z");
    app.session().set_param("broken", false);
    app.run_until("2026-01-02T06:30:00Z");
    assert_eq!(
        next(&told),
        "`fetch` works again, after 2 failures",
        "its begin is not told again"
    );
    app.shut_down();
}

#[test]
fn what_was_not_delivered_is_delivered_after_a_restart() {
    let folder = Folder::new("outbox");
    let (notifications, _) = unreliable(u32::MAX, false);
    let never = Duration::from_secs(3600);
    let notifications = notifications.retry_after([never]).wait_at_end(Duration::ZERO);
    let mut app = start(&folder, notifications, "2026-01-01T00:00:00Z");
    app.session().set_param("broken", true);
    app.run_until("2026-01-01T06:30:00Z");
    app.shut_down();
    let (notifications, told) = unreliable(0, false);
    let app = start(&folder, notifications, "2026-01-01T06:45:00Z");
    assert_eq!(next(&told), "`fetch` has failed: the disk is full");
    app.shut_down();
    let (notifications, told) = unreliable(0, false);
    let app = start(&folder, notifications, "2026-01-01T06:50:00Z");
    app.shut_down();
    assert_eq!(told.try_iter().count(), 0, "it is delivered once");
}
