//! The dashboard that an app serves by itself.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use rocketry_core::{Rocketry, Session};
use rocketry_dashboard::{Access, Dashboard, WithDashboard};

/// A port that is free.
fn free() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The status line of the answer to a request.
fn ask(port: u16, host: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the dashboard listens");
    write!(
        stream,
        "GET /tasks HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn an_app_serves_its_dashboard_while_it_runs() {
    let port = free();
    let answers = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = answers.clone();
    let look = move |session: Session| {
        let answer = [ask(port, &format!("127.0.0.1:{port}")), ask(port, "evil.example")];
        seen.lock().unwrap().extend(answer);
        session.shut_down();
    };
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("look", "every 1 hour", look);
    app.dashboard(format!("127.0.0.1:{port}")).run().unwrap();
    assert_eq!(
        *answers.lock().unwrap(),
        ["HTTP/1.1 200 OK", "HTTP/1.1 421 Misdirected Request"]
    );
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "it ends with the app"
    );
}

#[test]
fn an_app_does_not_start_without_its_dashboard() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = Rocketry::builder()
        .dashboard(&address)
        .run()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(&format!("the dashboard can't be served at `{address}`")),
        "{error}"
    );
    let error = Rocketry::builder()
        .dashboard("nonsense")
        .run()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("expected an address such as `127.0.0.1:8710`"),
        "{error}"
    );
}

#[test]
fn an_address_that_others_reach_needs_an_access() {
    let error = Rocketry::builder()
        .dashboard("0.0.0.0:0")
        .run()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("use `.dashboard_with(\"0.0.0.0:0\", Dashboard::new(access))`"),
        "{error}"
    );
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("end", "every 1 hour", |session: Session| session.shut_down());
    app.dashboard_with("0.0.0.0:0", Dashboard::new(Access::decide(|_| false)))
        .run()
        .unwrap();
}
