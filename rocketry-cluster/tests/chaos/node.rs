//! A node, which is this program: its tasks record in a file what they do.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::testing::WallClock;
use rocketry_core::{Config, Due, Params, Rocketry, RunId, Session, Task, TaskBuilder};
// Links the crate, whose clusters are selected by their addresses.
use rocketry_cluster as _;

/// The lease of the clusters here.
pub(crate) const LEASE: Duration = Duration::from_secs(1);

/// The task that runs on request.
pub(crate) const ASKED: &str = "t9";

/// The suffix of the file in which nodes record their requests and the answers.
pub(crate) const REQUESTS: &str = ".requests";

/// The journal of the runs. Each line survives when the process is killed, and when the machine crashes.
#[derive(Clone)]
struct Journal(Arc<File>, Arc<str>);

impl Journal {
    fn note(&self, task: &str, due: Due, run: &RunId) {
        let due = due.0.as_micros();
        // A single system call: a line is written entirely or not at all.
        let line = format!("{task} {due} {run} {}\n", self.1);
        (&*self.0).write_all(line.as_bytes()).unwrap();
        self.0.sync_data().unwrap();
    }
}

pub(crate) fn be_a_node(words: &[String]) {
    let [address, path, name] = words else {
        panic!("expected an address, a journal and a name");
    };
    let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    let journal = Journal(Arc::new(file), name.as_str().into());
    let config = Config {
        node: Some(name.clone()),
        lease: LEASE,
        log_skips: true,
        // For debugging a round.
        console: std::env::var_os("CHAOS_CONSOLE").is_some(),
        ..Config::default()
    };
    let app = Rocketry::builder()
        .cluster(&**address)
        .config(config)
        // The records name the node that has written them.
        .version(name)
        .handle_signals(false);
    let app = (0..8).fold(app, |app, number| app.task(task(number, &journal)));
    // The first run of a node begins as soon as it leads.
    let app = app.task(task(8, &journal).on_startup(true));
    let clock = WallClock::default();
    let app = clock.give_to(app.task(task(9, &journal))).build().unwrap();
    let ending = app.session();
    let requests = Requests::open(path, name);
    std::thread::spawn(move || {
        // Each line asks for a run or for a node to drain, or sets the clock.
        for line in std::io::stdin().lines() {
            let line = line.unwrap();
            match line.split_once(' ') {
                Some(("drain", node)) => drain(&ending, node),
                Some(("clock", micros)) => clock.set_ahead(micros.parse().unwrap()),
                Some(("run", request)) => ask(&ending, request, requests.clone()),
                _ => panic!("expected `run`, `drain` or `clock`: {line}"),
            }
        }
        ending.shut_down();
    });
    app.run().unwrap();
}

/// The file in which a node records its requests and their answers.
#[derive(Clone)]
struct Requests(Arc<File>, Arc<str>);

impl Requests {
    fn open(journal: &str, node: &str) -> Self {
        let path = format!("{journal}{REQUESTS}");
        let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        Requests(Arc::new(file), node.into())
    }

    fn note(&self, request: &str, what: &str) {
        let line = format!("{request} {} {what}\n", self.1);
        (&*self.0).write_all(line.as_bytes()).unwrap();
    }
}

/// Requests a run in the name of the request, and records its answer.
fn ask(session: &Session, request: &str, requests: Requests) {
    requests.note(request, "asked");
    let run = session.task(ASKED).unwrap().run_by(request, Params::new());
    let request = request.to_owned();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let told = match runtime.block_on(run) {
            Ok(end) => format!("ended {}", end.run_id),
            Err(error) => error.to_string(),
        };
        requests.note(&request, &told);
    });
}

/// Drains a node once it is known.
fn drain(session: &Session, node: &str) {
    while session.nodes().iter().all(|known| &*known.name != node) {
        std::thread::park_timeout(Duration::from_millis(10));
    }
    session.drain_node(node).unwrap();
}

fn task(number: u64, journal: &Journal) -> TaskBuilder {
    let name = format!("t{number}");
    let (own, journal) = (name.clone(), journal.clone());
    let length = Duration::from_millis(number % 4 * 60);
    let task = Task::func(name, move |due: Due, run: RunId| {
        let (own, journal) = (own.clone(), journal.clone());
        async move {
            journal.note(&own, due, &run);
            tokio::time::sleep(length).await;
        }
    });
    match number {
        0..4 => task.start("every 200 milliseconds"),
        4..8 => task.start("cron with seconds * * * * * *"),
        _ => task,
    }
}
