//! Mistakes in notifications keep the app from starting.

use rocketry_core::Task;
use rocketry_core::testing::TestApp;
use rocketry_notify::{CheckIn, Notifications, Rule, Webhook, WithNotifications};

use crate::support::app;

fn mistake(notifications: Notifications) -> String {
    let app = app().task(Task::func("jobs::fetch", || async {}).start("daily"));
    let started = TestApp::start(app.notifications(notifications), "2026-01-01T00:00:00Z");
    started.map(drop).unwrap_err().to_string()
}

#[track_caller]
fn told(notifications: Notifications, expected: &str) {
    let mistake = mistake(notifications);
    assert!(mistake.contains(expected), "{mistake}");
    assert!(mistake.contains("mistakes.rs:"), "the place is told: {mistake}");
}

fn with(rule: Rule) -> Notifications {
    Notifications::new().on(rule).call(|_| {})
}

#[test]
fn rules_are_checked() {
    told(
        with(Rule::failure().for_tasks(["jobs::fetsch"])),
        "did you mean `jobs::fetch`?",
    );
    told(
        with(Rule::failure().except(["fetch"])),
        "did you mean `jobs::fetch`?",
    );
    told(with(Rule::late("soon")), "grace of late starts: ");
    told(with(Rule::failures(0)), "expected 1 or more, found 0");
    told(
        with(Rule::overrun(0.5)),
        "expected a number from 1 to 1000000, found 0.5",
    );
    told(with(Rule::overrun(f64::NAN)), "found NaN");
    told(with(Rule::failure().for_group("nightly")), "nightly");
    told(
        with(Rule::failure()).remind_every("1 second"),
        "expected a minute or more",
    );
}

#[test]
fn channels_are_checked() {
    told(Notifications::new(), "neither a channel nor a check-in");
    for (url, expected) in [
        ("example.com/hook", "found one without `https://`"),
        ("ftp://example.com/", "found the scheme `ftp`"),
        ("https:// example.com", "found one that can't be read"),
    ] {
        told(Notifications::new().to(Webhook::new(url)), expected);
        told(
            Notifications::new().check_in(CheckIn::alive(url, "1 minute")),
            expected,
        );
    }
    let webhook = Webhook::new("https://example.com/").secret("whsec_!");
    told(Notifications::new().to(webhook), "not base64");
    let url = "https://example.com/";
    told(
        Notifications::new().check_in(CheckIn::alive(url, "0 seconds")),
        "one second or more",
    );
    told(
        Notifications::new().check_in(CheckIn::sentry("fetch", url)),
        "did you mean `jobs::fetch`?",
    );
}
