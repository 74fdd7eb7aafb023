//! Tests of the example `web`: a server and an app on one runtime.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use tokio::net::TcpListener;

#[path = "../web.rs"]
#[allow(dead_code, reason = "its `main` is the example's")]
mod web;

/// Returns the response of the server: its status and its text.
fn ask(server: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(server).expect("the server listens");
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).expect("a status");
    (status.to_owned(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_look_at_the_app_and_steer_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let app = rocketry::Rocketry::builder()
        .register::<web::refresh>()
        .build()
        .unwrap();
    let session = app.session();
    let asking = tokio::task::spawn_blocking(move || {
        let answers = [
            ask(server, "POST /tasks/refresh/run"),
            ask(server, "GET /tasks"),
            ask(server, "POST /tasks/refrsh/run"),
        ];
        session.shut_down();
        answers
    });
    web::serve(app, listener).await.unwrap();
    let [run, list, unknown] = asking.await.unwrap();
    assert_eq!(run, ("200".to_owned(), "success".to_owned()));
    assert_eq!(list.0, "200");
    assert!(list.1.contains("refresh: "), "{}", list.1);
    assert_eq!(unknown.0, "404");
}

#[test]
fn every_schedule_is_meant_as_it_is_written() {
    assert_eq!(rocketry::Rocketry::new().check().unwrap(), []);
}
