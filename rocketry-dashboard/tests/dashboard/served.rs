//! The dashboard that an app serves by itself.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use rocketry_core::{Params, Rocketry, Session, block_on};
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
fn the_dashboard_answers_while_all_threads_of_the_app_are_blocked() {
    let port = free();
    let answer = std::sync::Arc::new(std::sync::OnceLock::new());
    let seen = answer.clone();
    let look = move |session: Session| {
        let seen = seen.clone();
        async move {
            // It blocks the only thread that there is.
            seen.set(ask(port, "localhost")).unwrap();
            session.shut_down();
        }
    };
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("look", "every 1 hour", look)
        .dashboard(format!("127.0.0.1:{port}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(app.build().unwrap().serve()).unwrap();
    assert_eq!(answer.get().unwrap(), "HTTP/1.1 200 OK");
}

#[test]
fn the_app_ends_though_its_dashboard_is_blocked() {
    let port = free();
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let (asked, is_asked) = std::sync::mpsc::channel();
    let access = Access::decide(move |_| {
        asked.send(()).unwrap();
        // It waits until the test is over.
        held.lock().unwrap().recv().is_ok()
    });
    let is_asked = std::sync::Mutex::new(is_asked);
    let look = move |session: Session| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(stream, "GET /tasks HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        is_asked.lock().unwrap().recv().unwrap();
        session.shut_down();
    };
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("look", "every 1 hour", look);
    app.dashboard_with(format!("127.0.0.1:{port}"), Dashboard::new(access))
        .run()
        .unwrap();
    drop(let_go);
}

/// Subscribes to the events, and returns once nothing is missed any more.
fn subscribe(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the dashboard listens");
    write!(stream, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut begun = String::new();
    let mut byte = [0];
    while !begun.ends_with(": events\n") {
        stream.read_exact(&mut byte).unwrap();
        begun.push(char::from(byte[0]));
    }
    stream
}

/// Reads until a text comes.
fn read_until(mut stream: TcpStream, text: &str) {
    let mut read = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    while !read.windows(text.len()).any(|part| part == text.as_bytes()) {
        // The text may begin in one chunk and end in another.
        let kept = read.len().saturating_sub(text.len());
        read.drain(..kept);
        let length = stream.read(&mut chunk).unwrap();
        assert!(length > 0, "the stream ended without {text}");
        read.extend_from_slice(&chunk[..length]);
    }
}

#[test]
fn a_client_that_does_not_read_holds_up_neither_others_nor_the_app() {
    let port = free();
    let look = move |session: Session| {
        let frozen = subscribe(port);
        let reading = subscribe(port);
        let reading = std::thread::spawn(move || read_until(reading, "\"task\":\"last\""));
        // More than fits into what the system and the app keep for a client.
        let work = session.task("work").unwrap();
        for _ in 0..5000 {
            block_on(work.run(Params::new())).unwrap();
        }
        block_on(session.task("last").unwrap().run(Params::new())).unwrap();
        reading.join().unwrap();
        session.shut_down();
        // It is open until the app has ended.
        std::mem::forget(frozen);
    };
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("work", "never", || async {})
        .func("last", "never", || async {})
        .func("look", "every 1 hour", look);
    app.dashboard(format!("127.0.0.1:{port}")).run().unwrap();
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
