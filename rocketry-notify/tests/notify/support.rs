//! Apps whose notifications are collected.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Result, Rocketry, Session, Zone};
use rocketry_notify::{Notification, Notifications, Rule, WithNotifications};

/// How long a test waits for a delivery, which happens on a thread of its own.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was told.
pub(crate) struct Told(Receiver<Notification>);

impl Told {
    /// The next notification.
    pub(crate) fn next(&self) -> Notification {
        self.0.recv_timeout(PATIENCE).expect("a notification comes")
    }

    /// The next message, with what is wrong and the stage of the incident.
    pub(crate) fn line(&self) -> String {
        let told = self.next();
        format!("{} {}: {}", told.trouble.name(), told.stage.name(), told.message)
    }
}

/// Notifications that are collected, and where.
pub(crate) fn collected() -> (Notifications, Told) {
    let (sender, receiver) = channel();
    let notifications = Notifications::new().app("shop").call(move |told| {
        // The test may be over.
        let _ = sender.send(told.clone());
    });
    (notifications, Told(receiver))
}

/// Starts an app with rules, whose notifications are collected.
pub(crate) fn watched(app: Rocketry, rules: impl IntoIterator<Item = Rule>) -> (TestApp, Told) {
    let (notifications, told) = collected();
    let notifications = rules.into_iter().fold(notifications, Notifications::on);
    let app = TestApp::start(app.notifications(notifications), "2026-01-01T00:00:00Z").unwrap();
    (app, told)
}

/// An app in UTC whose failing tasks may start again at once.
pub(crate) fn app() -> Rocketry {
    let config = Config {
        pause_after_failure: None,
        zone: Zone::UTC,
        ..Config::default()
    };
    Rocketry::builder().config(config)
}

/// A function that fails while the parameter `broken` is true.
pub(crate) async fn flaky(session: Session) -> Result<(), String> {
    let broken = session.param("broken").ok().and_then(|value| value.get::<bool>());
    if broken == Some(true) {
        return Err("the disk is full".to_owned());
    }
    Ok(())
}
