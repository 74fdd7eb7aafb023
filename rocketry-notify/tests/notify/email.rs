//! Notifications by e-mail, at a server of the test's own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use rocketry_core::Task;
use rocketry_core::testing::TestApp;
use rocketry_notify::{Email, Notifications, WithNotifications};

use crate::support::app;

/// A server that takes one message, and returns what was said.
fn server() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let said = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut said = String::new();
        stream.write_all(b"220 ready\r\n").unwrap();
        let mut is_text = false;
        while let Some(Ok(line)) = lines.next() {
            said.push_str(&line);
            said.push('\n');
            let answer = match line.as_str() {
                "." => {
                    is_text = false;
                    "250 kept"
                }
                _ if is_text => continue,
                "DATA" => {
                    is_text = true;
                    "354 go on"
                }
                "QUIT" => break,
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).unwrap();
            if answer == "250 kept" {
                break;
            }
        }
        said
    });
    (url, said)
}

#[test]
fn a_message_has_the_subject_the_error_and_the_recipients() {
    let (url, said) = server();
    let email = Email::new(url, "Jobs <jobs@example.com>")
        .recipient("ops@example.com")
        .recipient("Night <night@example.com>");
    let notifications = Notifications::new().app("shop").to(email);
    let failing = || async { Err::<(), _>("the disk is full") };
    let app = app()
        .task(Task::func("fetch", failing).start("once at 2026-01-01 01:00"))
        .notifications(notifications);
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_until("2026-01-01T02:00:00Z");
    let said = said.join().unwrap();
    for part in [
        "MAIL FROM:<jobs@example.com>",
        "RCPT TO:<ops@example.com>",
        "RCPT TO:<night@example.com>",
        "Subject: [shop] `fetch` has failed: the disk is full",
        "task: fetch",
        "since: 2026-01-01T01:00:00.000000Z",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn mistakes_keep_the_app_from_starting_and_show_no_password() {
    let email = |server: &str, from: &str| Email::new(server, from).recipient("ops@example.com");
    let cases = [
        (
            email("mail.example.com", "jobs@example.com"),
            "expected a server such as",
        ),
        (
            email("imap://u:hidden@mail.example.com", "jobs@example.com"),
            "expected a server such as",
        ),
        (
            email("smtp://mail.example.com", "nobody"),
            "`nobody` is not an e-mail address",
        ),
        (
            Email::new("smtp://mail.example.com", "jobs@example.com"),
            "it has no recipient",
        ),
    ];
    for (email, expected) in cases {
        let app = app().notifications(Notifications::new().to(email));
        let started = TestApp::start(app, "2026-01-01T00:00:00Z").map(drop);
        let mistake = started.unwrap_err().to_string();
        assert!(mistake.contains(expected), "{mistake}");
        assert!(!mistake.contains("hidden"), "{mistake}");
    }
}
