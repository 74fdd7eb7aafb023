//! What requests cost an app with many tasks: how long they take, how long they hold up other requests, and how late tasks start
//! meanwhile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rocketry::prelude::*;
use rocketry_dashboard::WithDashboard;

use super::streams::{Lateness, free_port, ticking};

/// How often each address is asked for.
const TIMES: usize = 10;

/// An address that takes no time to answer.
const QUICK: &str = "/assets/none";

const ADDRESSES: [&str; 34] = [
    QUICK,
    "/now",
    "/tasks",
    "/tasks?sort=-last",
    "/tasks?search=idle/9",
    "/tasks?sort=next_due&search=idle",
    "/tasks/idle%2F00007",
    "/tasks/task_3",
    "/tasks/nosuchtask",
    "/graph",
    "/graph?around=task_3",
    "/calendar",
    "/calendar?view=week",
    "/log",
    "/failures",
    "/audit",
    "/nodes",
    "/settings",
    "/try?statement=daily+at+02:30",
    "/metrics",
    "/api/app",
    "/api/tasks",
    "/api/tasks?search=idle/9&sort=name",
    "/api/tasks/nosuchtask",
    "/api/tasks/task_3/explain",
    "/api/runs",
    "/api/log",
    "/api/next?of=task_3",
    "/api/check",
    "/api/simulate/summary",
    "/api/simulate/hours",
    "/api/overrides",
    "/api/params",
    "/api/openapi.json",
];

/// Measures each address of an app with the given number of tasks, 100 of which start each second.
pub(crate) fn measure(tasks: usize) -> bool {
    let (lateness, port) = (Lateness::default(), free_port());
    let of_app = lateness.clone();
    let idle = |number| Task::func(format!("idle/{number:05}"), || async {}).start("daily after 03:00");
    let app = (0..tasks).fold(ticking(&lateness), |app, number| app.task(idle(number)));
    let app = app.dashboard(format!("127.0.0.1:{port}"));
    let app = app.setup(move |session: Session| {
        let of_app = of_app.clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(3));
            println!(
                "{:40} {:>6} {:>10} {:>10} {:>14} {:>14}",
                "address", "status", "bytes", "longest ms", "others wait ms", "starts late ms"
            );
            for address in ADDRESSES {
                measure_one(port, address, &of_app);
            }
            session.shut_down_now();
        });
    });
    app.run().expect("the app runs");
    true
}

fn measure_one(port: u16, address: &str, lateness: &Lateness) {
    lateness.lock().expect("nothing panics here").clear();
    let is_over = Arc::new(AtomicBool::new(false));
    let over = is_over.clone();
    let other = std::thread::spawn(move || {
        let mut longest = Duration::ZERO;
        while !over.load(Ordering::Relaxed) {
            longest = longest.max(ask(port, QUICK).0);
            std::thread::sleep(Duration::from_millis(1));
        }
        longest
    });
    let answers: Vec<_> = (0..TIMES).map(|_| ask(port, address)).collect();
    // A start that was held up to the end is counted as well.
    std::thread::sleep(Duration::from_millis(100));
    is_over.store(true, Ordering::Relaxed);
    let waits = other.join().expect("it does not panic");
    let (took, status, bytes) = answers.into_iter().max().expect("it was asked for");
    let late = lateness
        .lock()
        .expect("nothing panics here")
        .iter()
        .max()
        .copied();
    let late = Duration::from_micros(late.unwrap_or_default());
    let [took, waits, late] = [took, waits, late].map(|length| length.as_secs_f64() * 1e3);
    println!("{address:40} {status:>6} {bytes:>10} {took:>10.2} {waits:>14.2} {late:>14.2}");
}

/// Asks over a connection of its own: how long it took, the status, and the length of the answer.
fn ask(port: u16, address: &str) -> (Duration, u16, usize) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the dashboard listens");
    let request = format!(
        "GET {address} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("the request is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("there is an answer");
    let status = answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok());
    let status = status.and_then(|code| code.parse().ok()).unwrap_or_default();
    (began.elapsed(), status, answer.len())
}
