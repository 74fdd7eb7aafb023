//! Webhooks, at a server of the test's own.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rocketry_core::testing::TestApp;
use rocketry_core::{Part, Rocketry, Task};
use rocketry_notify::{Notification, Notifications, Webhook, WithNotifications};

use crate::server::Server;
use crate::support::app;

fn failing(webhook: Webhook, retries: &[u64]) -> Rocketry {
    let waits = retries.iter().map(|millis| Duration::from_millis(*millis));
    let notifications = Notifications::new().app("shop").to(webhook).retry_after(waits);
    app()
        .task(
            Task::func("fetch", || async { Err::<(), _>("the disk is full") })
                .start("once at 2026-01-01 01:00"),
        )
        .notifications(notifications)
}

fn run(app: Rocketry) -> TestApp {
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_until("2026-01-01T02:00:00Z");
    app
}

#[test]
fn a_notification_is_posted_as_signed_json() {
    let server = Server::start(&[]);
    let webhook = Webhook::new(format!("{}/jobs", server.url)).allow_private();
    let _app = run(failing(webhook.secret("whsec_c2VjcmV0"), &[]));
    let request = server.next();
    assert_eq!(request.line, "POST /jobs HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json"));
    let told: Notification = serde_json::from_str(&request.body).unwrap();
    assert_eq!(told.message, "`fetch` has failed: the disk is full");
    let id = request.header("webhook-id").unwrap();
    assert_eq!(id, told.id);
    let at = request.header("webhook-timestamp").unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"secret").unwrap();
    mac.update(format!("{id}.{at}.{}", request.body).as_bytes());
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(request.header("webhook-signature"), Some(expected.as_str()));
}

#[test]
fn a_chat_gets_the_text() {
    let server = Server::start(&[]);
    let webhook = Webhook::new(&server.url).allow_private().text_as("content");
    let _app = run(failing(webhook, &[]));
    let request = server.next();
    let expected = r#"{"content":"shop: `fetch` has failed: the disk is full"}"#;
    assert_eq!(request.body, expected);
    assert_eq!(request.header("webhook-signature"), None);
}

#[test]
fn a_delivery_that_fails_is_tried_again() {
    let server = Server::start(&[503, 429]);
    let webhook = Webhook::new(&server.url).allow_private();
    let app = run(failing(webhook, &[1, 1, 1]));
    let ids = [server.next(), server.next(), server.next()].map(|request| {
        let told: Notification = serde_json::from_str(&request.body).unwrap();
        told.id
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(app.session().failures().is_empty());
}

/// Ends an app whose deliveries have no further attempt, and returns what has failed besides runs.
fn failures_of(webhook: Webhook) -> Vec<String> {
    let app = run(failing(webhook, &[]));
    let session = app.session().clone();
    app.shut_down();
    let failures = session.failures();
    assert!(failures.iter().all(|failure| failure.part == Part::Extension));
    failures
        .iter()
        .map(|failure| failure.message.to_string())
        .collect()
}

#[test]
fn a_delivery_that_is_given_up_is_a_failure_of_the_app() {
    let server = Server::start(&[302]);
    let failures = failures_of(Webhook::new(&server.url).allow_private());
    let expected = "channel `webhook 127.0.0.1` can't deliver notifications: it answered with status 302; \
                    redirects are not followed";
    assert_eq!(failures, [expected]);
}

#[test]
fn private_addresses_are_refused() {
    let server = Server::start(&[]);
    let port = server.url.rsplit_once(':').unwrap().1;
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
        let failures = failures_of(Webhook::new(format!("http://{host}:{port}/")));
        let failure = failures.first().expect(host);
        assert!(
            failure.contains("an address of this machine or of a private network"),
            "{failure}"
        );
    }
}
