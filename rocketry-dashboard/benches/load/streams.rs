//! How late tasks start while many read the stream of events.

use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use rocketry::prelude::*;
use rocketry::{Clock, Due};
use rocketry_dashboard::{Access, WithDashboard, router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::spread;

/// How many tasks start each second, at different instants.
const TASKS: usize = 100;

/// How many readers there are. Every other one does not read.
const READERS: usize = 1000;

/// How much the lateness may grow: the median of the ratios.
const LIMIT: f64 = 1.3;

/// How late runs have started, in microseconds.
pub(crate) type Lateness = Arc<Mutex<Vec<u64>>>;

/// What serves the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    /// The dashboard of the app, on a thread of its own.
    Own,
    /// A router on the threads of the app.
    Embedded,
}

/// Measures the lateness in turns without readers and with them; returns whether it stays the same.
pub(crate) fn measure(rounds: usize, seconds: usize, server: Server) -> bool {
    let lateness = Lateness::default();
    let seconds = Duration::from_secs(seconds as u64);
    let (measured, result) = std::sync::mpsc::channel();
    let (of_app, port) = (lateness.clone(), free_port());
    let app = serving(ticking(&lateness), server, port).setup(move |session: Session| {
        let (measured, of_app) = (measured.clone(), of_app.clone());
        std::thread::spawn(move || {
            let ratios = (0..rounds).map(|round| compare(round, port, &of_app, seconds));
            // The receiver waits for it.
            let _ = measured.send(ratios.collect::<Vec<_>>());
            session.shut_down_now();
        });
    });
    app.run().expect("the app runs");
    let ratios: Vec<(f64, f64)> = result.recv().expect("all rounds were measured");
    let median = |pick: fn(&(f64, f64)) -> f64| {
        let mut all: Vec<f64> = ratios.iter().map(pick).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let (half, most) = (median(|ratio| ratio.0), median(|ratio| ratio.1));
    println!("with readers, p50 is × {half:.2} and p99 × {most:.2}: medians of {rounds} rounds");
    most <= LIMIT
}

pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a port");
    listener.local_addr().expect("it has an address").port()
}

fn serving(app: Rocketry, server: Server, port: u16) -> Rocketry {
    let address = format!("127.0.0.1:{port}");
    if server == Server::Own {
        return app.dashboard(address);
    }
    app.setup(move |session: Session| {
        let address = address.clone();
        async move {
            let listener = TcpListener::bind(address).await?;
            let routes = router(&session, Access::read_only());
            tokio::spawn(async move { axum::serve(listener, routes).await });
            std::io::Result::Ok(())
        }
    })
}

/// An app whose tasks tell how late they start.
pub(crate) fn ticking(lateness: &Lateness) -> Rocketry {
    (0..TASKS).fold(Rocketry::new(), |app, number| {
        let lateness = lateness.clone();
        let run = move |due: Due| {
            let late = Clock::system().now().since(due.0).as_micros();
            lateness
                .lock()
                .expect("nothing panics here")
                .push(u64::try_from(late).unwrap_or(u64::MAX));
            async {}
        };
        let start = format!("every 1 second from 00:00:00.{:03}", number * 1000 / TASKS);
        app.task(Task::func(format!("task_{number}"), run).start(start))
    })
}

/// How much later runs start with readers than without: at the median and at the 99th percentile.
fn compare(round: usize, port: u16, lateness: &Lateness, seconds: Duration) -> (f64, f64) {
    let take = || {
        lateness.lock().expect("nothing panics here").clear();
        sleep(seconds);
        spread(&mut std::mem::take(
            &mut *lateness.lock().expect("nothing panics here"),
        ))
    };
    let without = take();
    // Readers are on other machines: here, they are not to take the time of the app.
    let program = std::env::current_exe().expect("the program has a path");
    let mut readers = Command::new("nice")
        .args(["-n", "19"])
        .arg(program)
        .args(["read-events", &port.to_string()])
        .spawn()
        .expect("the program can be started");
    sleep(Duration::from_secs(4));
    let with = take();
    // It only ends when it is told to.
    let _ = readers.kill();
    let _ = readers.wait();
    sleep(Duration::from_secs(2));
    println!("round {round}: p50 and p99 without readers {without:?} µs, with them {with:?} µs");
    let ratio = |with: u64, without: u64| seconds_of(with) / seconds_of(without.max(1));
    (ratio(with.0, without.0), ratio(with.1, without.1))
}

fn seconds_of(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}

/// Reads the stream of events of an app with many connections, until the process is ended.
pub(crate) fn read_events(port: &str) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("there is a runtime");
    let address = format!("127.0.0.1:{port}");
    runtime.block_on(async {
        for reader in 0..READERS {
            let stream = TcpStream::connect(&address).await.expect("the app listens");
            tokio::spawn(read(stream, reader % 2 == 0));
        }
        std::future::pending().await
    })
}

async fn read(mut stream: TcpStream, freezes: bool) {
    let request = b"GET /api/events HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut buffer = vec![0; 64 * 1024];
    if stream.write_all(request).await.is_err() {
        return;
    }
    if freezes {
        std::future::pending::<()>().await;
    }
    while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
}
