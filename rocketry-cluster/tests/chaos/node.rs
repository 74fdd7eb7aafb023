//! A node, which is this program: tasks that tell in a file what they do.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::testing::WallClock;
use rocketry_core::{Config, Due, Params, Rocketry, RunId, Session, Task, TaskBuilder};
// Its clusters are known by their addresses.
use rocketry_cluster as _;

/// The lease of the clusters here.
pub(crate) const LEASE: Duration = Duration::from_secs(1);

/// The task that runs when it is asked for.
pub(crate) const ASKED: &str = "t9";

/// How the name of the file ends in which nodes note why a run that was asked for was not made.
pub(crate) const UNMADE: &str = ".unmade";

/// Where runs tell what they do. Each line is kept when the process is killed, and when the machine is.
#[derive(Clone)]
struct Journal(Arc<File>, Arc<str>);

impl Journal {
    fn note(&self, task: &str, due: Due, run: &RunId) {
        let due = due.0.as_micros();
        // One call of the system: a line is there as a whole or not at all.
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
        console: false,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .cluster(&**address)
        .config(config)
        // The records tell which node has written them.
        .version(name)
        .handle_signals(false);
    let app = (0..8).fold(app, |app, number| app.task(task(number, &journal)));
    // The first run of a node begins as soon as it leads.
    let app = app.task(task(8, &journal).on_startup(true));
    let clock = WallClock::default();
    let app = clock.give_to(app.task(task(9, &journal))).build().unwrap();
    let ending = app.session();
    let unmade = format!("{path}{UNMADE}");
    std::thread::spawn(move || {
        // Each line asks for a run or for a node to drain, or sets the clock.
        for line in std::io::stdin().lines() {
            let line = line.unwrap();
            match line.split_once(' ') {
                Some(("drain", node)) => drain(&ending, node),
                Some(("clock", micros)) => clock.set_ahead(micros.parse().unwrap()),
                _ => ask(&ending, unmade.clone()),
            }
        }
        ending.shut_down();
    });
    app.run().unwrap();
}

/// Asks for a run, and notes in a file if it is told that the run is not made.
fn ask(session: &Session, unmade: String) {
    let run = session.task(ASKED).unwrap().run(Params::new());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        if let Err(error) = runtime.block_on(run) {
            let mut file = OpenOptions::new().append(true).create(true).open(unmade).unwrap();
            file.write_all(format!("{error}\n").as_bytes()).unwrap();
        }
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
