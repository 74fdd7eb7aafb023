//! The server for tests.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};

use rocketry_core::Clock;

/// The address of an app that nobody has used; `None` without a server.
pub(crate) fn app(name: &str) -> Option<String> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let Ok(server) = std::env::var("NATS_FOR_TESTS") else {
        println!("skipped: NATS_FOR_TESTS names no server");
        return None;
    };
    let (now, number) = (
        Clock::system().now().as_micros(),
        NUMBER.fetch_add(1, Ordering::Relaxed),
    );
    Some(format!("{server}/{name}-{now}-{}-{number}", std::process::id()))
}

/// How many messages a stream of an app has; the name of the stream ends so.
pub(crate) fn count(app: &str, ending: &str) -> u64 {
    let (server, name) = app.trim_start_matches("nats://").rsplit_once('/').unwrap();
    let mut server = TcpStream::connect(server).unwrap();
    let ask = format!(
        "CONNECT {{\"verbose\":false,\"headers\":true}}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.INFO.{name}{ending} answer 0\r\n\r\n"
    );
    server.write_all(ask.as_bytes()).unwrap();
    let lines = BufReader::new(server).lines().map(Result::unwrap);
    let told = lines.skip_while(|line| !line.starts_with("MSG")).nth(1).unwrap();
    let (_, count) = told.split_once("\"messages\":").unwrap();
    count.split(',').next().unwrap().parse().unwrap()
}
